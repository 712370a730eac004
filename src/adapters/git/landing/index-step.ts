import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KageError } from '../../../core/error.ts'
import type { TreePath } from '../../../core/merge/change.ts'
import { bytesOfPath } from '../../../core/merge/path.ts'
import type { ByteSettings } from '../repository/byte-settings.ts'
import { framePlace } from '../worktree/frame.ts'
import { git } from '../command/git.ts'
import { readIndex } from '../object/index-file.ts'
import type { Contents } from './journal.ts'
import type { IndexStep } from './landing-plan.ts'
import type { TreeChange } from '../diff/tree-changes.ts'
import type { Own } from '../repository/own.ts'
import type { Repository } from '../repository/repository.ts'
import { hashOf } from '../worktree/work-file.ts'

/** Makes, in a copy, the index that a worktree has after these changes of its entries, of which a sparse checkout leaves some out; both as raw bytes. */
export async function indexStep(
  own: Own,
  repository: Repository,
  changes: readonly TreeChange[],
  leftOut: readonly TreePath[] = [],
): Promise<{ readonly step: IndexStep; readonly contents: Contents }> {
  const path = join(repository.gitDir, 'index')
  await mkdir(join(own.directory, 'temporary'), { recursive: true })
  const copy = join(own.directory, 'temporary', `${randomUUID()}.index`)
  try {
    const old = await copyWithTime(path, copy)
    if (readIndex(old, own.objectFormat)?.split === true) await joinSplit(repository, path, copy)
    const place = { ...(await framePlace(own, plain)), workTree: repository.root, index: copy }
    await git(place, ['update-index', '-z', '--index-info'], { input: entryLines(changes) })
    if (leftOut.length > 0) {
      const input = Buffer.from(leftOut.map((path) => `${bytesOfPath(path)}\0`).join(''), 'latin1')
      await git(place, ['update-index', '--skip-worktree', '-z', '--stdin'], { input })
    }
    const now = await readFile(copy)
    await requireEntries(repository, copy, changes)
    const step = { old: hashOf(old), new: hashOf(now), entries: changes }
    return { step, contents: new Map([old, now].map((bytes) => [hashOf(bytes), bytes])) }
  } finally {
    for (const file of [copy, `${copy}.lock`]) await rm(file, { force: true })
  }
}

/** Whether an index file holds exactly the new side of these changes. */
export async function hasEntries(
  repository: Repository,
  index: string,
  changes: readonly TreeChange[],
): Promise<boolean> {
  if (changes.length === 0) return true
  const { stdout } = await git({ ...repository.place, index }, ['ls-files', '-z', '--stage', '--full-name'])
  const entries = new Map<string, string>()
  for (const line of stdout.toString('latin1').split('\0')) {
    const tab = line.indexOf('\t')
    const path = line.slice(tab + 1)
    entries.set(path, `${entries.get(path) ?? ''}${line.slice(0, tab)};`)
  }
  return changes.every(({ path, new: entry }) => {
    const expected = entry === null ? undefined : `${entry.mode} ${entry.oid} 0;`
    return entries.get(bytesOfPath(path)) === expected
  })
}

// Writing an index makes git read files that are as new as it is, through filters: only where none is configured.
const plain: ByteSettings = { config: [], attributes: '', exclude: '' }

// A copy that looked newer than its original would hide edits made just after that was written.
async function copyWithTime(path: string, copy: string): Promise<Buffer> {
  const bytes = await readFile(path)
  await writeFile(copy, bytes, { mode: 0o600 })
  await setTimeOf(path, copy)
  return bytes
}

async function setTimeOf(path: string, copy: string): Promise<void> {
  const { mtimeNs } = await stat(path, { bigint: true })
  const modifiedS = Number(mtimeNs / 1000n - 2n) / 1e6
  await utimes(copy, modifiedS, modifiedS)
}

// Only beside its worktree's own git directory does a split index find its other half; there is no worktree to read there.
async function joinSplit(repository: Repository, path: string, copy: string): Promise<void> {
  const place = { gitDir: repository.gitDir, index: copy }
  await git(place, ['update-index', '--force-write-index', '--no-split-index'])
  await setTimeOf(path, copy)
}

// update-index drops paths that it does not like without a word.
async function requireEntries(
  repository: Repository,
  index: string,
  changes: readonly TreeChange[],
): Promise<void> {
  if (await hasEntries(repository, index, changes)) return
  throw new KageError('KAGE_PATH_INVALID', 'git refuses one of these paths for its index.')
}

// A mode of 0 removes; what goes comes first, so that a file can become a directory and the reverse.
function entryLines(changes: readonly TreeChange[]): Buffer {
  const gone = changes.filter((change) => change.new === null)
  const removed = gone.map(
    ({ path, old }) => `0 ${'0'.repeat(old?.oid.length ?? 40)}\t${bytesOfPath(path)}\0`,
  )
  const set = changes.flatMap(({ path, new: entry }) =>
    entry === null ? [] : [`${entry.mode} ${entry.oid}\t${bytesOfPath(path)}\0`],
  )
  return Buffer.from([...removed, ...set].join(''), 'latin1')
}
