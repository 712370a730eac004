import { withoutSent } from '../../core/comment.ts'
import { KageError } from '../../core/error.ts'
import { agentId } from '../../core/id.ts'
import { attach } from '../attach.ts'
import { placeOfComment } from './describe.ts'
import type { Desk } from './desk.ts'
import { currentRegion, makersOf } from './model.ts'
import { withComments } from './outdated.ts'
import { previewed } from './position.ts'

/** Asks for a comment on the previewed variant, or another one than before; it is kept by the daemon until it is sent. */
export async function comment(desk: Desk): Promise<void> {
  const shown = currentRegion(desk.review)
  const variant = previewed(desk.review)
  if (shown === null || variant === null) return
  const { run: id, target: repo, comments } = desk.review
  const { agents } = variant
  const makers = makersOf(desk.review, variant)
  const place = placeOfComment(shown.region)
  const before = comments.find((each) => each.place === place && each.agents.join() === agents.join())
  const { questions, session, notices } = desk.context
  const text = await questions.edit(`To ${makers} on ${place}: `, before?.message ?? '')
  if (text === null) return
  const message = text.trim() === '' ? '' : text
  if (message === (before?.message ?? '')) return
  const written = { id: before?.id ?? crypto.randomUUID(), agents, place, message }
  const { seq } = await session.ask('comment', { repo, id, comment: written, command: crypto.randomUUID() })
  const state = await session.reached(seq)
  desk.show(withComments(state, desk.review))
  notices.say(message === '' ? 'The comment is dropped.' : `Kept for ${agents.join(', ')}; S sends it.`)
}

/** Sends each agent its comments as one text; what an agent does not take is still to be sent. */
export async function sendComments(desk: Desk): Promise<void> {
  const { run, target, comments } = desk.review
  if (comments.length === 0)
    throw new KageError('KAGE_TASK_EMPTY', 'There are no comments to send.', 'c writes one.')
  const agents = new Set(comments.flatMap((each) => each.agents))
  const sent: string[] = []
  try {
    for (const agent of agents) {
      const mine = comments.filter((each) => each.agents.includes(agent))
      const text = mine.map((each) => `${each.place}\n${each.message}`).join('\n\n')
      const id = agentId(run, agent)
      const ids = mine.map((each) => each.id)
      const { outcome } = await desk.context.session.ask('send', {
        repo: target,
        id,
        text,
        comments: ids,
        command: crypto.randomUUID(),
      })
      if (outcome === 'refused') throw new KageError('KAGE_AGENT_STATE', `${id} did not take the comments.`)
      sent.push(agent)
    }
    desk.context.notices.say(`Sent to ${sent.join(', ')}.`)
  } finally {
    const ids = comments.map((each) => each.id)
    const left = sent.reduce((before, agent) => withoutSent(before, { agent, ids }), desk.review.comments)
    desk.show({ ...desk.review, comments: left })
  }
}

/** Goes to the pane of the previewed candidate. */
export async function goToPane({ context, call, review }: Desk): Promise<void> {
  const name = previewed(review)?.agents[0]
  const run = context.session.state.runs[review.run]
  const agent = run?.agents.find((each) => each.name === name)
  if (run === undefined || agent === undefined)
    throw new KageError('KAGE_CANDIDATE_MISSING', 'No agent is previewed here.', '<Tab> previews a variant.')
  await attach(
    context,
    { ...call, directory: review.target },
    { id: agentId(run.id, agent.name), run, agent },
  )
}
