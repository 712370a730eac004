import { decideComment } from '../../core/decide/comment.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { Parts } from '../parts.ts'
import { requireOwn } from '../review-place.ts'
import { subjectToChange } from './look.ts'

/** Keeps what the person has to say to agents until they send it. */
export async function comment(parts: Parts, params: PersonParams['comment']): Promise<Results['comment']> {
  const { run } = await subjectToChange(parts, params)
  const repository = await parts.repositories.known(params.repo ?? run.repository.root)
  requireOwn(run, repository)
  const { root: target } = repository
  return parts.kernel.execute({
    command: params.command,
    decide: (state) => decideComment(state, { run: run.id, target, comment: params.comment }),
    reply: ({ seq }) => ({ seq }),
  })
}
