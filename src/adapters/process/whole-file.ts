import { rename, rm, writeFile } from 'node:fs/promises'

/**
 * Writes a private file that readers see whole or not at all; until then it is `beside`, and stays there where a crash comes
 * between, for the next one or for whoever clears up.
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  beside: string = `${path}.new`,
): Promise<void> {
  await rm(beside, { force: true })
  await writeFile(beside, content, { mode: 0o600, flag: 'wx' })
  await rename(beside, path)
}
