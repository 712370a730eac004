import { KageError } from '../../core/error.ts'
import { agentId } from '../../core/id.ts'
import { attach } from '../attach.ts'
import { linesOf } from './describe.ts'
import type { Desk } from './desk.ts'
import { currentRegion, makersOf } from './model.ts'
import { previewed } from './position.ts'
import { shownText } from './shown-text.ts'

/** Asks for a comment on the previewed variant; it is kept until it is sent. */
export async function comment(desk: Desk): Promise<void> {
  const shown = currentRegion(desk.review)
  const variant = previewed(desk.review)
  if (shown === null || variant === null) return
  const { region } = shown
  const makers = makersOf(desk.review, variant)
  const lines = linesOf(region)
  const place = lines === '' ? shownText(region.path) : `${shownText(region.path)}:${lines}`
  const text = await desk.context.questions.input(`To ${makers} on ${place}: `)
  if (text === null) return
  const { agents } = variant
  desk.show({ ...desk.review, comments: [...desk.review.comments, { agents, place, text }] })
  desk.context.notices.say(`Kept for ${agents.join(', ')}; S sends it.`)
}

/** Sends each agent its comments as one text; what an agent does not take is kept. */
export async function sendComments(desk: Desk): Promise<void> {
  const { run, target, comments } = desk.review
  if (comments.length === 0)
    throw new KageError('KAGE_TASK_EMPTY', 'There are no comments to send.', 'c writes one.')
  const agents = new Set(comments.flatMap((each) => each.agents))
  const sent: string[] = []
  try {
    for (const agent of agents) {
      const mine = comments.filter((each) => each.agents.includes(agent))
      const text = mine.map((each) => `${each.place}\n${each.text}`).join('\n\n')
      const id = agentId(run, agent)
      const { outcome } = await desk.context.session.ask('send', { repo: target, id, text })
      if (outcome === 'refused') throw new KageError('KAGE_AGENT_STATE', `${id} did not take the comments.`)
      sent.push(agent)
    }
    desk.context.notices.say(`Sent to ${sent.join(', ')}.`)
  } finally {
    const left = desk.review.comments.map((each) => ({
      ...each,
      agents: each.agents.filter((agent) => !sent.includes(agent)),
    }))
    desk.show({ ...desk.review, comments: left.filter((each) => each.agents.length > 0) })
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
