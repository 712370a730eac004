// An agent may put a link into the place of every file and directory of its git directory, at any time. Directories are
// therefore opened one by one without following links; on Linux all that lies below is reached through the open
// directory, so that renaming a parent meanwhile leads nowhere else.
import { constants } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { RegularFile } from './regular-file.ts'

/** An open directory that somebody else can write to. */
export interface UntrustedDirectory {
  /** A path that stays in this very directory while it is open; what lies below may still be a link. */
  readonly path: string
  readonly close: () => Promise<void>
}

const directoryFlags =
  constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | constants.O_NONBLOCK
const fileFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Opens a directory that is no link; null where there is none. */
export async function openUntrusted(path: string): Promise<UntrustedDirectory | null> {
  const handle = await open(path, directoryFlags).catch(() => null)
  if (handle === null) return null
  const held = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path
  return { path: held, close: () => handle.close() }
}

/** Does something with a directory below another one, by its names from there, none of them a link; null where there is none. */
export async function withinUntrusted<T>(
  parent: UntrustedDirectory,
  names: readonly string[],
  use: (directory: UntrustedDirectory) => Promise<T>,
): Promise<T | null> {
  const [name, ...rest] = names
  if (name === undefined) return use(parent)
  const child = await openUntrusted(join(parent.path, name))
  if (child === null) return null
  try {
    return await withinUntrusted(child, rest, use)
  } finally {
    await child.close()
  }
}

/** Opens a regular file that is no link; null for anything else. The caller closes it. */
export async function openPlain(path: string): Promise<{ file: FileHandle; bytes: number } | null> {
  const file = await open(path, fileFlags).catch(() => null)
  if (file === null) return null
  const found = await file.stat()
  if (found.isFile()) return { file, bytes: found.size }
  await file.close()
  return null
}

/** Reads a regular file of at most that many bytes; null for a link, for anything else and for a larger one. */
export async function readUntrusted(
  directory: UntrustedDirectory,
  name: string,
  bytesMax: number,
): Promise<RegularFile | null> {
  const file = await open(join(directory.path, name), fileFlags).catch(() => null)
  if (file === null) return null
  try {
    const found = await file.stat({ bigint: true })
    if (!found.isFile() || found.size > BigInt(bytesMax)) return null
    return { bytes: await file.readFile(), modifiedNs: found.mtimeNs }
  } finally {
    await file.close()
  }
}

/** The names in a directory, sorted, with what each is; a link is neither. */
export async function listUntrusted(
  directory: UntrustedDirectory,
): Promise<{ name: string; kind: 'file' | 'directory' }[]> {
  const names = (await readdir(directory.path).catch((): string[] => [])).toSorted()
  const found = await Promise.all(
    names.map(async (name) => {
      const entry = await lstat(join(directory.path, name)).catch(() => null)
      const kind = entry?.isFile() === true ? 'file' : entry?.isDirectory() === true ? 'directory' : null
      return kind === null ? [] : [{ name, kind } as const]
    }),
  )
  return found.flat()
}
