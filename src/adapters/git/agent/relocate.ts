import { randomUUID } from 'node:crypto'
import { lstat, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { alternatesOf } from '../repository/alternates.ts'
import { readRegularText } from '../command/regular-file.ts'

/** Lets an agent's own git directory borrow the objects of a repository from its present place; what an agent made of the directories is left alone. */
export async function relocateStore(gitDir: string, commonDir: string): Promise<void> {
  const directories = [gitDir, join(gitDir, 'objects'), join(gitDir, 'objects', 'info')]
  for (const directory of directories)
    if ((await lstat(directory).catch(() => null))?.isDirectory() !== true) return
  await replace(join(gitDir, 'objects', 'info', 'alternates'), await alternatesOf(commonDir))
}

/** Lets a linked worktree of a repository that was moved lead to it again. */
export async function relocateLinked(worktree: string, gitDir: string): Promise<void> {
  const link = join(worktree, '.git')
  if ((await readRegularText(link, 'utf8')).startsWith('gitdir: ')) await replace(link, `gitdir: ${gitDir}\n`)
}

async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`
  await writeFile(temporary, text, { flag: 'wx' })
  await rename(temporary, path)
}
