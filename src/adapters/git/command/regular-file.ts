import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** A regular file at one moment. */
export interface RegularFile {
  readonly bytes: Buffer
  readonly modifiedNs: bigint
}

/** Reads a file that an agent could have put there; null for what is absent or no regular file, so that a pipe keeps nobody waiting. */
export async function readRegular(path: string): Promise<RegularFile | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null)
  if (file === null) return null
  try {
    const found = await file.stat({ bigint: true })
    return found.isFile() ? { bytes: await file.readFile(), modifiedNs: found.mtimeNs } : null
  } finally {
    await file.close()
  }
}

/** The text of such a file in the given encoding; empty where there is none. */
export async function readRegularText(path: string, encoding: 'utf8' | 'latin1'): Promise<string> {
  return (await readRegular(path))?.bytes.toString(encoding) ?? ''
}
