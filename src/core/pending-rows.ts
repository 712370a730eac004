// What is pending for a run may be thousands of decisions, of which a turn changes one. It is stored as a fixed number of rows,
// by a hash of the path, so that only the rows are written that hold something else than before.
import type { Decision } from './merge/change.ts'
import { sortDecisions } from './merge/decision-order.ts'
import type { Pending } from './state.ts'

/** Pending decisions by target. */
type ByTarget = Readonly<Record<string, Pending>>

const rowCount = 64

/** The rows of what is pending that differ, by their numbers; the first row names every target. */
export function changedPendingRows(
  before: ByTarget | undefined,
  after: ByTarget,
): [row: number, value: ByTarget][] {
  if (before === after) return []
  const [old, now] = [rowsOf(before ?? {}), rowsOf(after)]
  return now.flatMap((row, at): [number, ByTarget][] => (isSame(old[at] ?? {}, row) ? [] : [[at, row]]))
}

/** What is pending by its rows; the opposite. */
export function pendingOfRows(rows: readonly ByTarget[]): ByTarget {
  const targets = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return Object.fromEntries(
    targets.map((target) => {
      const parts = rows.flatMap((row) => row[target] ?? [])
      const removed = sortDecisions(parts.flatMap((part) => part.removed))
      return [target, { removed, added: sortDecisions(parts.flatMap((part) => part.added)) }]
    }),
  )
}

function rowsOf(pending: ByTarget): ByTarget[] {
  const rows = Array.from(
    { length: rowCount },
    (): Record<string, { removed: Decision[]; added: Decision[] }> => ({}),
  )
  for (const [target, lists] of Object.entries(pending)) {
    const [first] = rows
    if (first !== undefined) first[target] = { removed: [], added: [] }
    for (const list of ['removed', 'added'] as const) {
      for (const decision of lists[list]) {
        const row = rows[rowOf(decision)]
        if (row !== undefined) (row[target] ??= { removed: [], added: [] })[list].push(decision)
      }
    }
  }
  return rows
}

function isSame(before: ByTarget, after: ByTarget): boolean {
  const targets = Object.keys(after)
  if (Object.keys(before).length !== targets.length) return false
  return targets.every((target) =>
    (['removed', 'added'] as const).every((list) => {
      const [old, now] = [before[target]?.[list], after[target]?.[list]]
      return old?.length === now?.length && now?.every((decision, at) => decision === old?.[at]) === true
    }),
  )
}

const known = new WeakMap<Decision, number>()

function rowOf(decision: Decision): number {
  const row = known.get(decision)
  if (row !== undefined) return row
  let hash = 0
  for (let at = 0; at < decision.path.length; at += 1)
    hash = (31 * hash + decision.path.charCodeAt(at)) % 1_000_003
  known.set(decision, hash % rowCount)
  return hash % rowCount
}
