import { KageError } from '../../core/error.ts'
import type { Desk } from './desk.ts'
import { withLeftOut } from './model.ts'
import { previewed } from './position.ts'

/** Leaves a candidate out of the view: the one at the cursor among the evidence, else that of the previewed variant. */
export async function leaveOut(desk: Desk): Promise<void> {
  const agent = await agentMeant(desk)
  if (agent === null) return
  const leftOut = new Set(desk.review.leftOut)
  if (!leftOut.delete(agent)) leftOut.add(agent)
  desk.show(withLeftOut(desk.review, leftOut), true)
  desk.context.notices.say(
    leftOut.has(agent) ? `${agent} is left out; X takes all in again.` : `${agent} is in again.`,
  )
}

/** Takes every candidate in again. */
export function takeAllIn(desk: Desk): void {
  desk.show(withLeftOut(desk.review, new Set()), true)
}

async function agentMeant({ pointed, review, context }: Desk): Promise<string | null> {
  const named = pointed?.startsWith('agent ') === true ? pointed.slice('agent '.length) : null
  if (review.shown === 'evidence' && named !== null) return named
  const makers = previewed(review)?.agents ?? []
  const [only, another] = makers
  if (only === undefined)
    throw new KageError(
      'KAGE_CANDIDATE_MISSING',
      'No candidate is previewed here.',
      'X takes every candidate in again.',
    )
  if (another === undefined) return only
  return context.questions.select(
    'Kage: leave whom out?',
    makers.map((name) => ({ label: name, value: name })),
  )
}
