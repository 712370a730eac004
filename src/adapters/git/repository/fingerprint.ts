import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Repository } from './repository.ts'
import { gitDirOf } from './worktree-link.ts'

/** A short hash for each thing that could make git run code; a part that is absent has none. */
export type Fingerprint = Readonly<Record<string, string>>

/** Fingerprints what decides about programs in a repository: its configurations, hooks, attributes, and the `.git` files of the given worktrees. */
export async function fingerprint(
  repository: Repository,
  workTrees: readonly string[] = [],
): Promise<Fingerprint> {
  const { commonDir, gitDir, root } = repository
  const linked = await Promise.all(workTrees.map(gitDirOf))
  const gitDirs = [gitDir, ...linked].filter((found) => found !== null && found !== commonDir)
  const paths = [
    ...['config', 'config.worktree', 'hooks', 'info/attributes'].map((name) => join(commonDir, name)),
    ...gitDirs.flatMap((found) =>
      ['config.worktree', 'commondir', 'gitdir'].map((name) => join(found ?? '', name)),
    ),
    ...[root, ...workTrees].map((workTree) => join(workTree, '.git')),
  ]
  const hashed = await Promise.all(
    [...new Set(paths)].map(async (path) => [path, await hashOf(path)] as const),
  )
  return Object.fromEntries(hashed.filter(([, hash]) => hash !== ''))
}

/** Names the parts that differ between two fingerprints, in order. */
export function alteredParts(before: Fingerprint, after: Fingerprint): string[] {
  const parts = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...parts].filter((part) => before[part] !== after[part]).toSorted()
}

async function hashOf(path: string): Promise<string> {
  const content = await contentOf(path)
  return content === null ? '' : createHash('sha256').update(content).digest('hex').slice(0, 16)
}

// The `.git` of a main worktree is a directory full of other things: that it is one is all that counts.
async function contentOf(path: string): Promise<Buffer | null> {
  const found = await lstat(path).catch(() => null)
  if (found === null) return null
  const head = `${found.mode.toString(8)} `
  if (found.isSymbolicLink()) return Buffer.from(head + (await readlink(path)))
  if (found.isFile()) return Buffer.concat([Buffer.from(head), await readFile(path).catch(() => Buffer.of())])
  if (!found.isDirectory() || path.endsWith('/.git')) return Buffer.from(head)
  const names = (await readdir(path)).toSorted()
  const parts = await Promise.all(names.map(async (name) => `${name}\0${await hashOf(join(path, name))}\0`))
  return Buffer.from(head + parts.join(''))
}
