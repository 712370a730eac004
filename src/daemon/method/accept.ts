import { draft } from '../../core/draft.ts'
import { KageError } from '../../core/error.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { Parts } from '../parts.ts'

/** Notes that the person knows which events are lost or cannot be read; only what is lost later is told again. */
export async function accept(parts: Parts, params: PersonParams['accept']): Promise<Results['accept']> {
  const { events, command } = params
  const { seq } = parts.kernel.state
  if (events.length === 0 || events.some(([first, last]) => first > last || last > seq))
    throw new KageError(
      'KAGE_USAGE',
      `Those are no ranges of the ${seq} events.`,
      '`kage verify` lists them.',
    )
  const reply = await parts.kernel.execute({
    command,
    decide: () => ({ events: [draft('loss.acknowledged', null, null, { events })] }),
    reply: (state) => ({ seq: state.seq }),
  })
  parts.health.begin()
  return reply
}
