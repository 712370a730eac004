import { KageError } from '../../../core/error.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { git, type GitOutput } from '../command/git.ts'
import type { GitObject } from '../command/object.ts'
import type { Repository } from '../repository/repository.ts'

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

/** The repository as a person with these variables (see `personVariables`) commits to it. */
export function repositoryOfPerson(
  repository: Repository,
  variables: Readonly<Record<string, string>> | undefined,
): Repository {
  return variables === undefined ? repository : { ...repository, place: { ...repository.place, variables } }
}

/** Asks git for the person; fails with KAGE_IDENTITY_MISSING where it knows no name for them. */
export async function findPerson(repository: Repository): Promise<Person> {
  const [author, committer] = await Promise.all([
    identity(repository, 'GIT_AUTHOR'),
    identity(repository, 'GIT_COMMITTER'),
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

/**
 * One identity with its date. Git may not make a name up from the machine's (`useConfigOnly`), and then it does not read
 * EMAIL either, so EMAIL stands in where nothing else names an address.
 */
async function identity({ place }: Repository, role: 'GIT_AUTHOR' | 'GIT_COMMITTER'): Promise<Buffer> {
  const settings = [...(place.settings ?? []), 'user.useConfigOnly=true']
  const ask = (env: Record<string, string>): Promise<GitOutput> =>
    git({ ...place, settings }, ['var', `${role}_IDENT`], { okCodes: [0, 128], env })
  const email = place.variables?.['EMAIL'] ?? ''
  const first = await ask({})
  const { code, stdout } = first.code !== 0 && email !== '' ? await ask({ [`${role}_EMAIL`]: email }) : first
  if (code !== 0) throw new KageError('KAGE_IDENTITY_MISSING', 'git knows no name and address for you.')
  return stdout
}
