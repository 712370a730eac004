import { access, constants, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { entryAt } from '../adapters/git/object/tree-entry.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'

/** Why a command cannot start in a worktree of that base, or null: looked for on PATH, or in the base for a relative path. */
export async function commandProblem(
  command: readonly string[],
  path: string,
  repository: Repository,
  base: string,
): Promise<string | null> {
  const program = command[0] ?? ''
  if (isAbsolute(program))
    return (await executable(program)) ? null : `${program} is no program that can be started.`
  if (program.includes('/')) return relativeProblem(program, repository, base)
  for (const directory of path.split(delimiter).filter(isAbsolute)) {
    if (await executable(join(directory, program))) return null
  }
  return `no program "${program}" is on PATH.`
}

async function relativeProblem(
  program: string,
  repository: Repository,
  base: string,
): Promise<string | null> {
  const relative = join(program)
  if (relative.startsWith('..')) return `${program} lies outside the worktree.`
  const entry = await entryAt(repository, base, relative)
  if (entry === null)
    return `${program} is not in the commit that agents start from (commit it, or name it absolutely).`
  // What a link leads to is only known in the worktree.
  const runs = entry.mode === '100755' || entry.mode === '120000'
  return runs ? null : `${program} is no executable file in the commit that agents start from.`
}

async function executable(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null)
  if (found === null || !found.isFile()) return false
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
