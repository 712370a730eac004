import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const oldestMs = 3_600_000

/** Removes what a crash left behind in a directory of Kage's own: all that nobody wrote to for an hour. */
export async function sweep(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => [])
  await Promise.all(names.map((name) => removeOld(join(directory, name))))
}

async function removeOld(path: string): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (found !== null && found.mtimeMs < Date.now() - oldestMs)
    await rm(path, { recursive: true, force: true })
}
