import type { EventRange } from './event.ts'
import type { RevertedState, State } from './state.ts'

/** Tells whether the number of an event lies in one of some ranges. */
export function isWithin(seq: number, ranges: readonly EventRange[]): boolean {
  return ranges.some(([first, last]) => first <= seq && seq <= last)
}

/** The ranges of some numbers, which ascend. */
export function rangesOf(numbers: readonly number[]): EventRange[] {
  const ranges: [number, number][] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last?.[1] === number - 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges
}

/** What a store has lost, once the person knows that events of these ranges are lost. */
export function withKnownLoss(reverted: State['reverted'], ranges: readonly EventRange[]): State['reverted'] {
  const isKnown = ({ from, to }: RevertedState): boolean =>
    ranges.some(([first, last]) => first <= from && to <= last)
  return Object.fromEntries(
    Object.entries(reverted).map(([seq, lost]) => [
      seq,
      isKnown(lost) ? { ...lost, acknowledged: true } : lost,
    ]),
  )
}
