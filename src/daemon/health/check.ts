import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { storePath } from '../../adapters/store/connection.ts'
import { markPath, readMark } from '../../adapters/store/mark.ts'
import { openStoreFile, type StoreFile } from '../../adapters/store/store-file.ts'
import { foldWith } from '../../core/archive/past.ts'
import { foldWholeLog } from '../../core/archive/whole-log.ts'
import type { Directories } from '../../core/directory.ts'
import { faultOf } from '../../core/error.ts'
import type { EventRange } from '../../core/event.ts'
import { eventFormat } from '../../core/format/event-table.ts'
import { readEvent } from '../../core/format/read-event.ts'
import { limit } from '../../core/limit.ts'
import type { Problem, Verified } from '../../core/protocol/health.ts'
import { isWithin, rangesOf } from '../../core/loss.ts'
import { isBehind, lossWords } from '../../core/reverted.ts'
import { type State, stateOfSlices, stateVersion, valueOfRow } from '../../core/state.ts'
import { readPast } from '../past.ts'
import { journalProblems } from './journals.ts'

/** Checks a store without changing it, also beside a daemon: its events and their chain, the stored state, journals, and the mark. */
export async function checkStore(places: Directories): Promise<Verified> {
  const found = existsSync(storePath(places.state)) ? await foundIn(places) : missingProblems(places)
  const { problems } = found
  const shown = problems.slice(0, limit.problemsShown)
  const left = problems.length - shown.length
  const more: Problem[] = left === 0 ? [] : [{ kind: 'more', message: `There are ${left} more.` }]
  const lost = rangesOf(problems.flatMap((problem) => (isLoss(problem) ? (problem.seq ?? []) : [])))
  const known = found.acknowledged.slice(0, limit.problemsShown)
  return {
    ok: problems.length === 0,
    problems: [...shown, ...more],
    ...(known.length === 0 ? {} : { acknowledged: known }),
    ...(lost.length === 0 ? {} : { lost }),
  }
}

interface Found {
  readonly problems: readonly Problem[]
  readonly acknowledged: readonly Problem[]
}

/** Nothing brings such an event back. */
function isLoss({ kind }: Problem): boolean {
  return kind === 'lost' || kind === 'unreadable'
}

function only(problems: readonly Problem[]): Found {
  return { problems, acknowledged: [] }
}

function missingProblems({ state, data }: Directories): Found {
  const mark = existsSync(state) ? readMark(markPath(data, realpathSync(state))) : null
  if (mark === null) return only([])
  const lost = { from: 1, to: mark.seq, run: mark.run, undo: mark.undo }
  return only([{ kind: 'reverted', seq: 1, message: lossWords(lost) }])
}

async function foundIn(places: Directories): Promise<Found> {
  let file: StoreFile
  try {
    file = openStoreFile(places.state, eventFormat)
  } catch (thrown) {
    const { code, message } = faultOf(thrown)
    return only([{ kind: code === 'KAGE_STORE_NEWER' ? 'newer' : 'file', message }])
  }
  try {
    return await examined(file, places)
  } catch (thrown) {
    return only([{ kind: 'file', message: faultOf(thrown).message }])
  } finally {
    file.close()
  }
}

async function examined(file: StoreFile, places: Directories): Promise<Found> {
  // Before the events are read: a daemon that writes meanwhile moves the mark ahead of what was read.
  const mark = readMark(markPath(places.data, realpathSync(places.state)))
  const behind = mark !== null && isBehind(mark, { seq: file.lastSeq(), linkAtMark: file.linkAt(mark.seq) })
  const { state, problems, acknowledged } = await folded(file)
  const lost = { from: file.lastSeq() + 1, to: mark?.seq ?? 0, run: 0, undo: 0 }
  const all = [
    ...(behind ? [{ kind: 'reverted', seq: lost.from, message: lossWords(lost) } as const] : []),
    ...problems,
    ...(problems.some(({ kind }) => kind === 'event' || kind === 'file') ? [] : stateProblems(file, state)),
    ...(await journalProblems(join(places.state, 'repositories'), state)),
  ]
  return { problems: all, acknowledged }
}

async function folded(file: StoreFile): Promise<Found & { readonly state: State }> {
  const whole = foldWholeLog((run, state) => readPast(file, state, run))
  const losses: Problem[] = []
  const known: EventRange[] = []
  const damages = await file.damages((row) => {
    const event = readEvent(row)
    whole.add(event)
    if (event.type === 'event.unreadable' && row.data !== null) {
      const message = `Event ${row.seq} (${event.data.type}) cannot be read: ${event.data.reason}.`
      losses.push({ kind: 'unreadable', seq: row.seq, message })
    }
    if (event.type === 'event.lost')
      losses.push({
        kind: 'lost',
        seq: row.seq,
        message: `Event ${row.seq} is lost: ${event.data.reason}.`,
      })
    if (event.type === 'loss.acknowledged') known.push(...event.data.events)
  })
  const damaged = damages.map(({ seq, reason }): Problem => {
    if (seq === null) return { kind: 'file', message: `The file is damaged: ${reason}.` }
    return { kind: 'event', seq, message: `Event ${seq} is damaged: ${reason}.` }
  })
  const isKnown = ({ seq = 0 }: Problem): boolean => isWithin(seq, known)
  const open = losses.filter((problem) => !isKnown(problem))
  return { state: whole.state(), problems: [...damaged, ...open], acknowledged: losses.filter(isKnown) }
}

const parts = ['runs', 'landings', 'resolutions', 'checked', 'reverted', 'archive', 'repositories'] as const

/** What was appended since is folded, too, in one moment with the state as it is stored. */
function stateProblems(file: StoreFile, before: State): Problem[] {
  const { rows, stored } = file.since(before.seq)
  // The next start folds it anew.
  if (stored.version !== stateVersion) return []
  if (stored.broken.length > 0)
    return [{ kind: 'state', message: `The stored state is damaged: ${stored.broken.join(', ')}.` }]
  const fold = foldWith((run, each) => readPast(file, each, run))
  const state = rows.reduce((each, row) => fold(each, readEvent(row)), before)
  const entries = stored.entries.map((row) => ({ key: row.key, value: valueOfRow(row) }))
  const kept = stateOfSlices(stored.seq, entries)
  const expected = JSON.parse(JSON.stringify(state)) as State
  const differing = parts.flatMap((part) => {
    const [one, other] = [expected[part], kept[part]] as readonly Readonly<Record<string, unknown>>[]
    const ids = new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})])
    return [...ids].filter((id) => !isDeepStrictEqual(one?.[id], other?.[id])).map((id) => `${part}/${id}`)
  })
  return differing.map((key) => ({
    kind: 'state',
    message: `The stored state of ${key} is not what the events fold to.`,
  }))
}
