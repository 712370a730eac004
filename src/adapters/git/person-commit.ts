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

/** The person as git names author and committer of what they commit now, each ended by a line feed. */
export interface Person {
  readonly author: Buffer
  readonly committer: Buffer
}

/** Asks git for the person; fails with KAGE_IDENTITY_MISSING where it knows no name for them. */
export async function findPerson(repository: Repository): Promise<Person> {
  const [author, committer] = await Promise.all([
    identity(repository, 'GIT_AUTHOR_IDENT'),
    identity(repository, 'GIT_COMMITTER_IDENT'),
  ])
  return { author, committer }
}

/** A commit in the name of the person, not signed. */
export function personCommit(
  { author, committer }: Person,
  { tree, parent, message }: CommitParts,
): GitObject {
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
