import { KageError } from '../../core/error.ts'
import type { Oid } from '../../core/merge/change.ts'
import { git } from './git.ts'
import type { GitObject } from './object.ts'
import type { Repository } from './repository.ts'

export interface CommitParts {
  readonly tree: Oid
  readonly parent: Oid
  readonly message: string
}

/** A commit in the name of the person, dated now and not signed; fails with KAGE_IDENTITY_MISSING where git knows no name for them. */
export async function personCommit(
  repository: Repository,
  { tree, parent, message }: CommitParts,
): Promise<GitObject> {
  const [author, committer] = await Promise.all([
    identity(repository, 'GIT_AUTHOR_IDENT'),
    identity(repository, 'GIT_COMMITTER_IDENT'),
  ])
  const head = [`tree ${tree}`, `parent ${parent}`].map((line) => Buffer.from(`${line}\n`))
  const people = [Buffer.from('author '), author, Buffer.from('committer '), committer]
  return { type: 'commit', content: Buffer.concat([...head, ...people, Buffer.from(`\n${message}`)]) }
}

// A name that git would make up from the machine's is none.
async function identity(repository: Repository, variable: string): Promise<Buffer> {
  const settings = [...(repository.place.settings ?? []), 'user.useConfigOnly=true']
  const { code, stdout } = await git({ ...repository.place, settings }, ['var', variable], {
    okCodes: [0, 128],
  })
  if (code !== 0) throw new KageError('KAGE_IDENTITY_MISSING', 'git knows no name and address for you.')
  return stdout
}
