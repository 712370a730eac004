import { nextUndo } from '../core/landing.ts'
import { numbersOf } from '../core/numbers.ts'
import type { Landed } from '../core/protocol/results.ts'
import type { Parts } from './parts.ts'

/** A stored answer; one of an older version has neither of these. */
type StoredReply = Omit<Landed, 'replaced' | 'warnings'>

/**
 * Lands something in its repository's turn, one landing after the other, under a number of its own; a wish that was carried
 * out before gets its first answer.
 */
export async function inLandingTurn(
  parts: Parts,
  repository: string,
  command: string,
  land: (undo: string) => Promise<Landed>,
): Promise<Landed> {
  return parts.lanes.run(repository, async () => {
    const known = parts.store.commandReply(command)
    if (known !== null) return { replaced: [], warnings: [], ...(JSON.parse(known) as StoredReply) }
    const given = `u${numbersOf(parts.kernel.state).undo}`
    const undo = nextUndo([given, ...parts.undosUnderway])
    parts.undosUnderway.add(undo)
    try {
      return await land(undo)
    } finally {
      parts.undosUnderway.delete(undo)
    }
  })
}
