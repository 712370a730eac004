import { chmod, lstat, readdir, realpath, rm } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { KageError } from '../../../core/error.ts'

/** Removes a directory that Kage made below `root`, with all that lies in it; a missing one is no failure, a link is refused. */
export async function removeOwnDirectory(path: string, root: string): Promise<void> {
  const real = await requireOwnDirectory(path, root)
  if (real !== null) await removeDirectory(real)
}

/** The real path of a directory that Kage made below `root`; null where it is missing. Fails with KAGE_WORKTREE_MISSING where it is a link or leads elsewhere. */
export async function requireOwnDirectory(path: string, root: string): Promise<string | null> {
  const real = await realPathOf(path)
  if (real === null) return null
  const below = await realpath(root).catch(() => root)
  if (!real.startsWith(`${below}${sep}`)) {
    throw new KageError('KAGE_WORKTREE_MISSING', `${path} is not below ${root}: it is left alone.`)
  }
  return real
}

/** Removes a directory and what lies in it, links as such; directories without the right to write get it first. */
export async function removeDirectory(path: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 3 } as const
  await rm(path, options).catch(async (thrown: unknown) => {
    if (!isDenied(thrown)) throw failed(path, thrown)
    await makeWritable(path)
    await rm(path, options).catch((again: unknown) => {
      throw failed(path, again)
    })
  })
}

async function realPathOf(path: string): Promise<string | null> {
  const found = await lstat(path).catch(() => null)
  if (found === null) return null
  if (found.isDirectory()) return join(await realpath(dirname(path)), basename(path))
  throw new KageError('KAGE_WORKTREE_MISSING', `${path} is no directory any more: it is left alone.`)
}

async function makeWritable(directory: string): Promise<void> {
  await chmod(directory, 0o700).catch(() => undefined)
  for (const entry of await readdir(directory, { withFileTypes: true }).catch(() => []))
    if (entry.isDirectory()) await makeWritable(join(directory, entry.name))
}

function isDenied(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === 'EACCES' || thrown.code === 'EPERM')
}

function failed(path: string, thrown: unknown): KageError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new KageError('KAGE_WORKTREE_KEPT', `${path} could not be removed: ${reason}`)
}
