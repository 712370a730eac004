import { KageError } from '../../../core/error.ts'
import { git } from '../command/git.ts'
import type { NestedRepository } from './find.ts'
import { withNestedCopy } from './copy.ts'
import type { NestedCopy } from './copy.ts'

/**
 * Whether a nested repository may hold work that is stored nowhere else. Only a submodule in the state that the run's base
 * records, without changed files and with every commit on a remote, holds none; a repository that cannot be read counts.
 */
export async function holdsWork(
  temporary: string,
  nested: NestedRepository,
  recorded: string | null,
): Promise<boolean> {
  if (recorded === null || nested.recorded !== recorded) return true
  try {
    return await withNestedCopy(temporary, nested, (copy) => differs(copy, recorded))
  } catch (thrown) {
    if (thrown instanceof KageError) return true
    throw thrown
  }
}

async function differs({ place, refs, tree, nested }: NestedCopy, recorded: string): Promise<boolean> {
  if (refs.head !== recorded || refs.stash.length > 0 || nested.length > 0) return true
  const committed = await git(place, ['rev-parse', '--verify', `${recorded}^{tree}`])
  if (committed.stdout.toString('latin1').trim() !== tree) return true
  const isRemote = ({ name }: { readonly name: string }): boolean => name.startsWith('refs/remotes/')
  const local = refs.refs.filter((ref) => !isRemote(ref)).map(({ oid }) => oid)
  const remote = refs.refs.filter(isRemote).map(({ oid }) => `^${oid}`)
  const input = [...local, ...remote, `^${recorded}`].map((line) => `${line}\n`).join('')
  const { stdout } = await git(place, ['rev-list', '--max-count=1', '--stdin'], { input })
  return stdout.length > 0
}
