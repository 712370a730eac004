import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinPending } from '../../src/core/landing.ts'
import type { Decision } from '../../src/core/merge/change.ts'
import { changedPendingRows, pendingOfRows } from '../../src/core/pending-rows.ts'
import type { Pending } from '../../src/core/state.ts'
import { holds } from '../support/property.ts'

const base = { mode: '100644', oid: 'a'.repeat(40) }
const anyDecision: fc.Arbitrary<Decision> = fc.tuple(fc.nat(200), fc.nat(3)).map(([file, line]) => ({
  kind: 'atom',
  path: `file ${file}`,
  base,
  atom: { start: 3 * line, end: 3 * line + 1, text: `line ${line}\n` },
  source: ['a'],
}))
const anyChange = fc.record({
  target: fc.constantFrom('/one', '/two'),
  added: fc.boolean(),
  decision: anyDecision,
})

test('rows that are written as they change give what is pending, after any decisions', () => {
  holds(
    fc.property(fc.array(anyChange, { maxLength: 40 }), (changes) => {
      const stored = new Map<number, Readonly<Record<string, Pending>>>()
      let pending: Readonly<Record<string, Pending>> = {}
      for (const { target, added, decision } of changes) {
        const before = pending[target] ?? { removed: [], added: [] }
        const change = added ? { removed: [], added: [decision] } : { removed: [decision], added: [] }
        const next = { ...pending, [target]: joinPending(before, change) }
        const rows = changedPendingRows(pending, next)
        expect(rows.length).toBeLessThanOrEqual(2)
        for (const [row, value] of rows) stored.set(row, value)
        pending = next
        const back = [...stored].toSorted(([one], [other]) => one - other).map(([, value]) => value)
        expect(pendingOfRows(back)).toEqual(pending)
      }
      expect(changedPendingRows(pending, pending)).toEqual([])
    }),
  )
})
