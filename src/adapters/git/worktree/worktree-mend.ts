import { lstat, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KageError } from '../../../core/error.ts'

/** Makes git know a worktree again whose link or HEAD its agent broke, so that it can be removed; nothing else of it is touched. Fails with KAGE_WORKTREE_KEPT where a repository of the agent's own has taken the link's place. */
export async function mendWorktree(commonDir: string, path: string): Promise<void> {
  const gitDir = await gitDirNaming(commonDir, path)
  if (gitDir === null) return
  const link = join(path, '.git')
  const found = await lstat(link).catch(() => null)
  if (found?.isDirectory() === true)
    throw new KageError('KAGE_WORKTREE_KEPT', `${path} holds a repository of its own now: it is left alone.`)
  await rm(link, { force: true })
  await writeFile(link, `gitdir: ${gitDir}\n`, { flag: 'wx' })
  const head = await readFile(join(gitDir, 'HEAD'), 'latin1').catch(() => '')
  if (/^(ref: refs\/|[0-9a-f]{40})/.test(head)) return
  await rm(join(gitDir, 'HEAD'), { force: true })
  await writeFile(join(gitDir, 'HEAD'), 'ref: refs/heads/unknown\n', { flag: 'wx' })
}

/** The git directory, among those of a repository's worktrees, that says it belongs to this one. */
async function gitDirNaming(commonDir: string, path: string): Promise<string | null> {
  const root = join(commonDir, 'worktrees')
  for (const name of await readdir(root).catch(() => [])) {
    const said = await readFile(join(root, name, 'gitdir'), 'utf8').catch(() => '')
    if (said.replace(/\n$/, '') === join(path, '.git')) return join(root, name)
  }
  return null
}
