// Rows of archived runs lie in buckets of 64 numbers of one repository, each bucket as its JSON text, which is read from the
// store when somebody asks for a run in it. To archive a run copies the names of the buckets and the rows of one, not all rows. What most
// rows of a bucket have in common, the repository as it is remembered, is written once.
import { numberOfId } from '../id.ts'
import { type Move, movedLanding, movedRecord } from '../moved-path.ts'
import type { LandingState, RunState } from '../state.ts'
import { type ArchivedRun, rowOf, storedRow } from './row.ts'

/** The rows of archived runs; a bucket is named `KEY/NUMBER` by its repository and its runs' numbers. */
export type Archive = Readonly<Record<string, Bucket>>

export interface Bucket {
  readonly json: string
}

type Stored = Readonly<Record<string, Record<string, unknown>>>

/** The archived run of that id, or null. */
export function archivedRun(
  archive: Archive,
  repositories: Iterable<string>,
  id: string,
): ArchivedRun | null {
  for (const key of repositories) {
    const bucket = archive[bucketOf(key, id)]
    const row = bucket === undefined ? undefined : rowsOf(bucket).get(id)
    if (row !== undefined) return row
  }
  return null
}

/** The archived runs of a repository in the order of their numbers. */
export function archivedOf(archive: Archive, key: string): readonly ArchivedRun[] {
  return listed(archive).get(key) ?? []
}

/** Every archived run, in the order of their numbers. */
export function archivedRuns(archive: Archive): readonly ArchivedRun[] {
  return [...listed(archive).values()]
    .flat()
    .toSorted((one, other) => numberOfId(one.id) - numberOfId(other.id))
}

/** The last archived runs of a repository, in the order of their numbers; the others are not read. */
export function lastArchived(archive: Archive, key: string, count: number): ArchivedRun[] {
  const rows: ArchivedRun[] = []
  for (const name of bucketNames(archive, key).toReversed()) {
    if (rows.length >= count) break
    const bucket = archive[name]
    if (bucket !== undefined) rows.unshift(...rowsOf(bucket).values())
  }
  return rows.slice(-count)
}

/** The archive with one more run, which the event of that number archives. */
export function withArchived(
  archive: Archive,
  run: RunState,
  landings: readonly LandingState[],
  seq: number,
): Archive {
  const name = bucketOf(run.repository.key, run.id)
  const rows = { ...storedRows(archive[name]), [run.id]: storedRow(run, landings, seq) }
  return { ...archive, [name]: bucketWith(rows) }
}

/** The archive without a run. */
export function withoutArchived(archive: Archive, { id, repository }: ArchivedRun): Archive {
  const name = bucketOf(repository.key, id)
  const { [id]: _, ...left } = storedRows(archive[name])
  if (Object.keys(left).length > 0) return { ...archive, [name]: bucketWith(left) }
  const { [name]: __, ...others } = archive
  return others
}

/** The archive after a repository was found at another place. */
export function withMovedRows(archive: Archive, key: string, move: Move): Archive {
  const moved = bucketNames(archive, key).map((name): [string, Bucket] => {
    const rows = Object.entries(storedRows(archive[name])).map(([id, row]) => [id, movedRow(row, move)])
    return [name, bucketWith(Object.fromEntries(rows) as Stored)]
  })
  return moved.length === 0 ? archive : { ...archive, ...Object.fromEntries(moved) }
}

/** A bucket as the store has it. */
export function bucketValue({ json }: Bucket): unknown {
  return JSON.parse(json)
}

/** A bucket by its value, its text, or what reads its text when it is asked for. */
export function storedBucket(value: unknown): Bucket {
  if (typeof value === 'function') return unreadBucket(value as () => string)
  return { json: typeof value === 'string' ? value : JSON.stringify(value) }
}

function unreadBucket(read: () => string): Bucket {
  let text: string | null = null
  return {
    get json(): string {
      return (text ??= read())
    },
  }
}

const numbersInBucket = 64

function bucketOf(key: string, id: string): string {
  return `${key}/${Math.floor(numberOfId(id) / numbersInBucket)}`
}

function bucketNames(archive: Archive, key: string): string[] {
  return Object.keys(archive)
    .filter((name) => keyOf(name) === key)
    .toSorted((one, other) => Number(one.slice(key.length + 1)) - Number(other.slice(key.length + 1)))
}

function keyOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/'))
}

function storedRows(bucket: Bucket | undefined): Stored {
  if (bucket === undefined) return {}
  const { repository, runs } = JSON.parse(bucket.json) as { repository: unknown; runs: Stored }
  return Object.fromEntries(Object.entries(runs).map(([id, row]) => [id, { repository, ...row }]))
}

/** Written in the order of the numbers, so that the same rows are the same text whatever came first. */
function bucketWith(rows: Stored): Bucket {
  const sorted = Object.entries(rows).toSorted(([one], [other]) => numberOfId(one) - numberOfId(other))
  const [, { repository }] = sorted[0] ?? ['', {}]
  const shared = JSON.stringify(repository)
  const runs = sorted.map(([id, { repository: own, ...row }]) => {
    return [id, JSON.stringify(own) === shared ? row : { ...row, repository: own }]
  })
  return { json: JSON.stringify({ repository, runs: Object.fromEntries(runs) as unknown }) }
}

const knownRows = new WeakMap<Bucket, ReadonlyMap<string, ArchivedRun>>()

function rowsOf(bucket: Bucket): ReadonlyMap<string, ArchivedRun> {
  const known = knownRows.get(bucket)
  if (known !== undefined) return known
  const rows = new Map(Object.entries(storedRows(bucket)).map(([id, row]) => [id, rowOf(row)]))
  knownRows.set(bucket, rows)
  return rows
}

const knownLists = new WeakMap<Archive, ReadonlyMap<string, readonly ArchivedRun[]>>()

/** All rows by repository: read once for each archive. */
function listed(archive: Archive): ReadonlyMap<string, readonly ArchivedRun[]> {
  const known = knownLists.get(archive)
  if (known !== undefined) return known
  const lists = new Map<string, ArchivedRun[]>()
  for (const key of new Set(Object.keys(archive).map(keyOf)))
    lists.set(
      key,
      bucketNames(archive, key).flatMap((name) => {
        const bucket = archive[name]
        return bucket === undefined ? [] : [...rowsOf(bucket).values()]
      }),
    )
  knownLists.set(archive, lists)
  return lists
}

function movedRow(row: Record<string, unknown>, move: Move): Record<string, unknown> {
  const { repository, landings } = rowOf(row)
  return {
    ...row,
    repository: movedRecord(repository, move),
    ...(landings.length === 0 ? {} : { landings: landings.map((landing) => movedLanding(landing, move)) }),
  }
}
