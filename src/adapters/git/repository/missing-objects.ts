import { dirname } from 'node:path'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { Repository } from './repository.ts'

/** The objects of a commit that a partial clone lacks, and the command by which the person's own git fetches them. */
export interface MissingObjects {
  readonly count: number
  readonly argv: readonly string[]
}

/** Finds the objects that a checkout of a commit needs and a partial clone lacks; null where it lacks none. Nothing is fetched. */
export async function missingObjects(repository: Repository, commit: Oid): Promise<MissingObjects | null> {
  if (!repository.partial) return null
  const args = ['rev-list', '--objects', '--missing=print', '--max-count=1', commit]
  const { stdout } = await git(repository.place, args)
  const missing = new Set(
    /^\?[0-9a-f]+$/gm[Symbol.match](stdout.toString('latin1'))?.map((line) => line.slice(1)),
  )
  if (missing.size === 0) return null
  const directories = repository.sparse ? await directoriesNeeded(repository, commit, missing) : null
  if (directories?.length === 0) return null
  return { count: missing.size, argv: fetchCommand(repository, commit, directories ?? []) }
}

/** A diff against the empty tree reads every file, so git fetches all that is missing in one batch, and prints one line. */
function fetchCommand(repository: Repository, commit: Oid, directories: readonly string[]): string[] {
  const narrowed = directories.length === 0 || directories.length > 50 ? [] : ['--', ...directories]
  const empty = emptyTrees[repository.objectFormat]
  return [
    'git',
    '-C',
    repository.root,
    '--literal-pathspecs',
    'diff',
    '--shortstat',
    empty,
    commit,
    ...narrowed,
  ]
}

/** The directories of a sparse checkout with missing files; null where trees are missing too, so that nobody knows. */
async function directoriesNeeded(
  repository: Repository,
  commit: Oid,
  missing: ReadonlySet<string>,
): Promise<string[] | null> {
  const files = await git(repository.place, ['ls-tree', '-r', '-z', '--full-tree', commit]).catch(() => null)
  if (files === null) return null
  const index = await git(repository.place, ['ls-files', '-t', '-z'])
  const checkedOut = new Set(
    entriesOf(index.stdout).flatMap((entry) => (entry.startsWith('H ') ? [dirname(entry.slice(2))] : [])),
  )
  const needed = entriesOf(files.stdout).flatMap((entry) => {
    const [, oid = '', path = ''] = /^\d+ \w+ ([0-9a-f]+)\t([^]*)$/.exec(entry) ?? []
    return missing.has(oid) && checkedOut.has(dirname(path)) ? [dirname(path)] : []
  })
  return [...new Set(needed)]
}

function entriesOf(output: Buffer): string[] {
  return output.toString('utf8').split('\0').slice(0, -1)
}

const emptyTrees = {
  sha1: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  sha256: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
} as const
