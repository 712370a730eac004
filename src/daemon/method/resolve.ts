import { draft } from '../../core/draft.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import { worthRemembering } from '../../core/remembered.ts'
import type { Parts } from '../parts.ts'
import { resolutionOf } from '../said.ts'
import { subjectToChange } from './look.ts'

/** Notes what the person says to conflicts: it is offered where the same sides meet again, and nothing lands by it. */
export async function resolve(parts: Parts, params: PersonParams['resolve']): Promise<Results['resolve']> {
  const { run } = await subjectToChange(parts, params)
  const said = params.resolutions.map(({ key, ...each }) => ({ key, resolution: resolutionOf(each) }))
  const resolutions = worthRemembering(said)
  if (resolutions.length === 0) return {}
  const repository = run.repository.key
  return parts.kernel.execute({
    command: params.command,
    decide: () => ({ events: [draft('conflict.resolved', run.id, null, { repository, resolutions })] }),
    reply: () => ({}),
  })
}
