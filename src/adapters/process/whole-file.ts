import { randomUUID } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'

/** Writes a private file that readers see whole or not at all; `beside` is where it lies until it is whole. */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  beside: string = path,
): Promise<void> {
  const fresh = `${beside}.${randomUUID()}`
  await writeFile(fresh, content, { mode: 0o600, flag: 'wx' })
  await rename(fresh, path)
}
