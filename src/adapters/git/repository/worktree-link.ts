import { lstat, readFile, realpath } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'

/** The git directory that the `.git` entry of a worktree leads to, as a real path; null where there is none. */
export async function gitDirOf(workTree: string): Promise<string | null> {
  const link = join(workTree, '.git')
  try {
    const found = await lstat(link)
    if (!found.isFile()) return await realpath(link)
    const [, target] = /^gitdir: ([^]*?)\r?\n*$/.exec(await readFile(link, 'utf8')) ?? []
    if (target === undefined) return null
    return await realpath(isAbsolute(target) ? target : join(workTree, target))
  } catch {
    return null
  }
}
