import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { git } from '../command/git.ts'
import { readRegularText } from '../command/regular-file.ts'
import type { Repository } from './repository.ts'

/** What names refs of a repository and would dangle without them, by the name of the ref: symbolic refs, and what HEAD, a rebase or a bisection of any worktree stands on. */
export async function namersOf(repository: Repository): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const [ref, target] of await symbolicRefs(repository)) {
    found.set(target, `the symbolic ref ${ref} names it`)
    found.set(ref, `it is a symbolic ref to ${target}`)
  }
  for (const directory of await gitDirectories(repository)) {
    for (const [file, target] of await pseudoRefs(directory)) found.set(target, `${file} names it`)
  }
  return found
}

async function symbolicRefs({ place }: Repository): Promise<[string, string][]> {
  const { stdout } = await git(place, ['for-each-ref', '--format=%(symref) %(refname)'])
  return stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(' '))
    .map((line) => {
      const [target = '', ref = ''] = line.split(' ')
      return [ref, target]
    })
}

/** The git directories of a repository and of its worktrees. */
export async function gitDirectories({ commonDir }: Repository): Promise<string[]> {
  const names = await readdir(join(commonDir, 'worktrees')).catch(() => [])
  return [commonDir, ...names.map((name) => join(commonDir, 'worktrees', name))]
}

/** The symbolic refs beside HEAD, and the branches to which a rebase and a bisection return. */
async function pseudoRefs(directory: string): Promise<[string, string][]> {
  const names = await readdir(directory).catch(() => [])
  const files = names.filter((name) => /^[A-Z][A-Z_]*$/.test(name))
  const found: [string, string][] = []
  for (const name of [...files, 'rebase-merge/head-name', 'rebase-apply/head-name']) {
    const file = join(directory, name)
    const text = (await readRegularText(file, 'utf8')).trimEnd()
    const target = name === 'BISECT_START' ? `refs/heads/${text}` : text.replace(/^ref: */, '')
    const isRef = target.startsWith('refs/') && (text !== target || name.endsWith('/head-name'))
    if (isRef) found.push([file, target])
  }
  return found
}
