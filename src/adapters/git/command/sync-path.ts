import { open } from 'node:fs/promises'

/** Resolves when a file's content, or a directory's entries, are on the disk. */
export async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
