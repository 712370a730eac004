import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import type { Press } from '../frame.ts'
import { comment, goToPane, sendComments } from './conversation.ts'
import type { Desk } from './desk.ts'
import { checkResult } from './check.ts'
import { sayText } from './conflict.ts'
import { openEdit, takeText, writtenText } from './edit.ts'
import { redone, undone } from './history.ts'
import { goOnLanding, land } from './landing.ts'
import { leaveOut, takeAllIn } from './leave-out.ts'
import { currentRegion, type Review } from './model.ts'
import { advanced, atRegion, type Goal, moved, previewed, withNextVariant } from './position.ts'
import { selectedLines } from './select.ts'
import { keepBase, takeLines, takeNumber, takeFunction, takePreviewed, takeRest, takeRows } from './take.ts'
import { undoLanding } from './undo-landing.ts'
import { zoom } from './zoom.ts'

type Action = (desk: Desk, press: Press) => unknown

/**
 * Does what a key of the review asks for. It resolves when the next key may come; what waits for the person or for others
 * goes on by itself. Where the review turns out to be old, it is looked at again.
 */
export async function act(desk: Desk, press: Press): Promise<void> {
  const quick = quickAction(press.action)
  if (quick !== undefined) await attempt(desk, () => quick(desk, press))
  else {
    desk.stopJoining()
    void attempt(desk, () => conversations[press.action]?.(desk, press))
  }
}

async function attempt(desk: Desk, action: () => unknown): Promise<void> {
  try {
    await action()
  } catch (thrown) {
    const { code } = desk.fail(thrown)
    if (old.has(code)) await desk.look().catch((again: unknown) => void desk.fail(again))
  }
}

const old: ReadonlySet<string> = new Set(['KAGE_VARIANT_STALE', 'KAGE_REVIEW_DIFFERS', 'KAGE_TARGET_MOVED'])

/** What a key does that is done before the next one: deciding, moving, looking. */
function quickAction(name: string): Action | undefined {
  const number = /^take-(\d)$/.exec(name)?.[1]
  if (number === undefined) return Object.hasOwn(actions, name) ? actions[name] : undefined
  return (desk) => desk.take((review) => takeNumber(review, Number(number)), advanced)
}

const actions: Readonly<Record<string, Action>> = {
  at: pointed,
  base: (desk) => desk.take(keepBase, advanced),
  take: (desk) => desk.take(takePreviewed, advanced),
  preview: (desk) => desk.show(withNextVariant(desk.review), true),
  both: (desk) => desk.show({ ...desk.review, joining: !desk.review.joining }),
  rest: (desk) => desk.take(takeRest, advanced),
  function: (desk) => desk.take(takeFunction, advanced),
  operator: (desk, press) => desk.take((review) => takeRows(review, keysOf(desk, press)), advanced),
  split,
  edited: takeWritten,
  'next-undecided': go('undecided', 1),
  'previous-undecided': go('undecided', -1),
  'next-region': go('region', 1),
  'previous-region': go('region', -1),
  'next-hunk': go('region', 1),
  'previous-hunk': go('region', -1),
  'next-file': go('file', 1),
  'previous-file': go('file', -1),
  undo: (desk) => desk.take(undone),
  redo: (desk) => desk.take(redone),
  file: toggle('file'),
  result: toggle('result'),
  evidence: toggle('evidence'),
  'take-in': takeAllIn,
  further: (desk) => scroll(desk, limit.reviewRows),
  back: (desk) => scroll(desk, -limit.reviewRows),
}

const conversations: Readonly<Record<string, Action>> = {
  edit: openEdit,
  zoom,
  comment,
  send: (desk) => desk.once('send', () => sendComments(desk)),
  pane: goToPane,
  'leave-out': leaveOut,
  refresh: (desk) => desk.look(),
  check: checkResult,
  land: (desk) => desk.once('land', () => land(desk)),
  'undo-landing': (desk) => desk.once('land', () => undoLanding(desk)),
}

/** Whether something is done for an action of keys.ts; `help` and `close` are Lua's own. */
export function isAction(name: string): boolean {
  return quickAction(name) !== undefined || Object.hasOwn(conversations, name)
}

/** Takes what was written in a scratch buffer; where it was said to a conflict, the landing goes on. */
async function takeWritten(desk: Desk): Promise<void> {
  const written = await writtenText(desk)
  if (written === null) return
  const { subject, text } = written
  if ('region' in subject) return takeText(desk, subject.region, text)
  await sayText(desk, subject.conflict, text)
  void attempt(desk, () => desk.once('land', () => goOnLanding(desk)))
}

function go(goal: Goal, direction: 1 | -1): Action {
  return (desk) => desk.show({ ...moved(desk.review, goal, direction), shown: 'variants' }, true)
}

function toggle(shown: Review['shown']): Action {
  return (desk) => {
    const now = desk.review.shown === shown ? 'variants' : shown
    desk.show({ ...desk.review, shown: now, top: 0 }, true)
  }
}

/** Shows another part of rows that are too many to be painted at once. */
function scroll(desk: Desk, rows: number): void {
  const last = Math.floor(Math.max(0, desk.painted.total - 1) / limit.reviewRows) * limit.reviewRows
  desk.show({ ...desk.review, top: Math.min(last, Math.max(0, desk.review.top + rows)) })
}

/** The person moved the cursor themselves: to another region, or into another variant. */
function pointed(desk: Desk, { pane, row }: Press): void {
  const { review } = desk
  desk.pointed = pane === 'variants' ? row : null
  if (row === null) return desk.show(review, false)
  if (pane === 'regions') {
    const there = review.regions.find(({ id }) => id === row)
    if (there !== undefined) desk.show({ ...atRegion(review, there.region.key), shown: 'variants' }, false)
    return
  }
  if (review.shown !== 'variants') return
  const letter = row.split(':')[0]?.split('.')[1]
  const variant = currentRegion(review)?.region.variants.find((each) => each.letter === letter)
  if (variant === undefined || previewed(review)?.letter === letter) return
  desk.show({ ...review, position: { ...review.position, letter: variant.letter } }, false)
}

async function split(desk: Desk, { pane, lines, line, row }: Press): Promise<void> {
  const { rows } = desk.painted
  if (pane === 'variants' && (rows[line - 1]?.name ?? null) !== row)
    throw new KageError(
      'KAGE_VARIANT_STALE',
      'What you selected was painted anew meanwhile.',
      'Select it again.',
    )
  const [first, last] = lines ?? [line, line]
  const selected = pane === 'variants' ? selectedLines(rows, first, last) : null
  if (selected === null)
    throw new KageError(
      'KAGE_CHOICE_INVALID',
      'These are no lines of one variant.',
      'Select some in the right pane with V, then s.',
    )
  const { letter, ranges } = selected
  const at = (review: Review): Review => ({ ...review, position: { ...review.position, letter } })
  await desk.take(
    (review) => (ranges.length === 0 ? takePreviewed(at(review)) : takeLines(at(review), letter, ranges)),
    at,
  )
}

/** The regions of the rows of the left pane that a motion went over. */
function keysOf(desk: Desk, { lines, line }: Press): ReadonlySet<string> {
  const [first, last] = lines ?? [line, line]
  const ids = new Set(desk.painted.left.slice(first - 1, last))
  const regions = desk.review.regions.filter(({ id }) => ids.has(id))
  return new Set(regions.map(({ region }) => region.key))
}
