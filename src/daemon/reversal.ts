import type { Mark } from '../adapters/store/mark.ts'
import type { Store } from '../adapters/store/store.ts'
import { draft } from '../core/draft.ts'
import type { EventDraft } from '../core/event.ts'
import { limit } from '../core/limit.ts'
import { numbersOf } from '../core/numbers.ts'
import { isBehind, lossWords } from '../core/reverted.ts'
import type { Kernel } from './kernel.ts'

/**
 * Notices a store that is behind the mark outside it: an older copy was put back, its WAL went, or it is a new one. The
 * numbers of what is lost are taken by events that say so, and are never given out again.
 */
export async function noteReversal(
  kernel: Kernel,
  store: Store,
  mark: Mark | null,
  log: (line: string) => void,
): Promise<void> {
  const { seq } = kernel.state
  if (mark === null || !isBehind(mark, { seq, linkAtMark: store.linkAt(mark.seq) })) return
  const known = numbersOf(kernel.state)
  const lost = {
    from: seq + 1,
    to: mark.seq,
    run: Math.max(known.run, mark.run),
    undo: Math.max(known.undo, mark.undo),
  }
  log(lossWords(lost))
  for (let left = mark.seq - seq; left > 0; left -= limit.eventsPerPage)
    await kernel.append(Array.from({ length: Math.min(left, limit.eventsPerPage) }, lostEvent))
  await kernel.append([draft('store.reverted', null, null, lost)])
}

function lostEvent(): EventDraft {
  return draft('event.lost', null, null, { reason: 'the store went back in time' })
}
