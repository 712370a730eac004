import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinKept } from '../../../src/core/kept.ts'
import { decisionChange, joinPending, withPending, wantedOf } from '../../../src/core/landing.ts'
import { redone, undone } from '../../../src/nvim/review/history.ts'
import { type Review } from '../../../src/nvim/review/model.ts'
import { atRegion } from '../../../src/nvim/review/position.ts'
import { keepBase, type Taken, takeNumber, takeRest } from '../../../src/nvim/review/take.ts'
import { anyWorld } from '../../support/merge-arbitrary.ts'
import { holds } from '../../support/property.ts'
import { accepted, linesWorld, reviewWorld } from '../../support/review-world.ts'

/** A click: which region (as a share of them all), and what is pressed there. */
const anyClick = fc.record({ at: fc.nat(99), key: fc.constantFrom(0, 1, 2, 3, 'rest' as const) })

function pressed(review: Review, { at, key }: { at: number; key: number | 'rest' }): Taken {
  const there = review.regions[at % review.regions.length]
  if (there === undefined) return { missing: [] }
  const moved = atRegion(review, there.region.key)
  if (key === 'rest') return takeRest(moved)
  return key === 0 ? keepBase(moved) : takeNumber(moved, key)
}

function afterClicks(review: Review, clicks: readonly { at: number; key: number | 'rest' }[]): Review {
  return clicks.reduce((before, click) => {
    const taken = pressed(before, click)
    return 'review' in taken ? taken.review : before
  }, review)
}

test('undo goes back to the beginning, and redo to the end again', () => {
  holds(
    fc.property(anyWorld, fc.array(anyClick, { maxLength: 12 }), ({ base, agents }, clicks) => {
      const { review } = reviewWorld(base, agents)
      const states = [review]
      for (const click of clicks) {
        const after = afterClicks(states.at(-1) ?? review, [click])
        if (after.past.length > (states.at(-1)?.past.length ?? 0)) states.push(after)
      }
      let now = states.at(-1) ?? review
      for (const earlier of states.slice(0, -1).toReversed()) {
        now = accepted(undone(now))
        expectSame(now, earlier)
      }
      for (const later of states.slice(1)) {
        now = accepted(redone(now))
        expectSame(now, later)
      }
    }),
  )
})

test('the order of clicks cannot matter', () => {
  const choice = fc.constantFrom(0, 1, 2, 3)
  holds(
    fc.property(
      anyWorld,
      fc.array(choice, { minLength: 12, maxLength: 12 }),
      fc.gen(),
      (files, keys, gen) => {
        const { review } = reviewWorld(files.base, files.agents)
        const clicks = review.regions.map((_, at) => ({ at, key: keys[at % keys.length] ?? 0 }))
        const shuffled = clicks
          .map((click) => ({ click, order: gen(fc.nat) }))
          .toSorted((left, right) => left.order - right.order)
          .map(({ click }) => click)
        // Where choices exclude each other, the first one stands: only then may the order be seen.
        fc.pre(acceptedOf(review, clicks) === acceptedOf(review, shuffled))
        expectSame(afterClicks(review, clicks), afterClicks(review, shuffled))
      },
    ),
  )
})

test('what is told to the daemon adds up to what is pending and where the base is kept', () => {
  holds(
    fc.property(anyWorld, fc.array(anyClick, { maxLength: 10 }), ({ base, agents }, clicks) => {
      const { review } = reviewWorld(base, agents)
      let [now, told, kept] = [review, review.pending, [...review.keptBase]]
      for (const click of clicks) {
        const taken = pressed(now, click)
        if (!('review' in taken)) continue
        now = taken.review
        told = joinPending(told, taken.change)
        kept = joinKept(kept, taken.change)
      }
      expect(withPending([], told)).toEqual(wantedOf(now))
      expect(kept.toSorted()).toEqual([...now.keptBase].toSorted())
      expect(decisionChange([], wantedOf(now)).added).toEqual(now.pending.added)
    }),
  )
})

test('there is nothing to undo or redo at the beginning', () => {
  const { review } = linesWorld({ one: { 2: 'x' } })
  expect(undone(review)).toMatchObject({ code: 'KAGE_UNDO_UNKNOWN' })
  expect(redone(review)).toMatchObject({ code: 'KAGE_UNDO_UNKNOWN' })
})

test('a new decision ends what could be made again', () => {
  const { review } = linesWorld({ one: { 2: 'x' }, two: { 2: 'y' } })
  const back = accepted(undone(accepted(takeNumber(review, 1))))
  expect(redone(accepted(takeNumber(back, 2)))).toMatchObject({ code: 'KAGE_UNDO_UNKNOWN' })
})

test('undo is refused where somebody else has decided the same lines meanwhile', () => {
  const { review } = linesWorld({ one: { 2: 'x' }, two: { 2: 'y' } })
  const first = accepted(takeNumber(review, 1))
  const second = accepted(takeNumber(first, 2))
  const other = decisionChange(wantedOf(second), wantedOf(accepted(keepBase(second))))
  const third = { ...second, pending: joinPending(second.pending, other) }
  const theirs = accepted(takeNumber({ ...third, past: [] }, 2))
  const elsewhere = theirs.pending.added.map((decision) =>
    decision.kind === 'atom' ? { ...decision, atom: { ...decision.atom, text: 'z\n' } } : decision,
  )
  const now = { ...second, pending: { removed: [], added: elsewhere } }
  expect(undone(now)).toMatchObject({ code: 'KAGE_CHOICES_EXCLUDE' })
})

/** The regions whose clicks were taken, whatever their order. */
function acceptedOf(review: Review, clicks: readonly { at: number; key: number }[]): string {
  let now = review
  const accepted = clicks.filter((click) => {
    const before = now.past.length
    now = afterClicks(now, [click])
    return now.past.length > before
  })
  return accepted
    .map(({ at }) => at)
    .toSorted((left, right) => left - right)
    .join()
}

function expectSame(one: Review, other: Review): void {
  expect(wantedOf(one)).toEqual(wantedOf(other))
  expect([...one.keptBase].toSorted()).toEqual([...other.keptBase].toSorted())
}
