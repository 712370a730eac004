import { setTimeout as pause } from 'node:timers/promises'
import { limit } from '../../core/limit.ts'
import type { Desk } from './desk.ts'

/** Has a review looked at again whenever the person's branch or index moves, so that what lands cleanly is told as it is now. */
export async function followTarget(
  desk: Pick<Desk, 'context' | 'review' | 'look'>,
  isOpen: () => boolean,
): Promise<void> {
  while (isOpen()) {
    const { run, target, ours } = desk.review
    const known = { repo: target, id: run, known: ours }
    try {
      const { tree } = await desk.context.session.ask('moved', known, { start: false })
      if (isOpen() && tree !== desk.review.ours) await desk.look()
    } catch {
      await pause(limit.reconnectMostMs)
    }
  }
}
