import { KageError } from '../../core/error.ts'
import { attach } from '../attach.ts'
import type { Call } from '../call.ts'
import type { Context } from '../context.ts'
import type { Press } from '../frame.ts'
import { type Subject, subjectNamed } from '../subject.ts'
import { showWorktree, worktreesOf } from '../worktree.ts'

/** Does what a key of the dashboard asks for with the run or agent of its row. */
export async function act(context: Context, call: Call, press: Press): Promise<void> {
  // Of a host that was just started, keys may come before anything is known.
  const state = await context.session.ready()
  if (press.row === null)
    throw new KageError('KAGE_USAGE', 'There is no run or agent on this line.', 'Go to one first.')
  const subject = subjectNamed(state, Object.values(state.runs), press.row)
  const { id, run } = subject
  const payload = { ...call, words: id, range: null, id: crypto.randomUUID(), directory: run.repository.root }
  switch (press.action) {
    case 'attach':
      return attach(context, payload, agentOf(subject))
    case 'worktree':
      return openWorktree(context, payload, agentOf(subject))
    case 'send':
      return send(context, payload, subject)
    case 'pause':
      return context.run(isPaused(subject) ? 'resume' : 'pause', payload)
    case 'stop': {
      const question = [`Stop ${id}? Its work is kept.`]
      if (await context.questions.confirm(question, 'stop')) await context.run('stop', payload)
      return
    }
    case 'interrupt':
      return context.run('interrupt', payload)
    case 'ack':
    case 'review':
    case 'clean':
      return context.run(press.action, { ...payload, words: run.id })
  }
}

/** The agent of a row; a run of one agent stands for it. */
function agentOf(subject: Subject): Subject & { readonly agent: NonNullable<Subject['agent']> } {
  const only = subject.run.agents.length === 1 ? subject.run.agents[0] : undefined
  const agent = subject.agent ?? only
  if (agent === undefined)
    throw new KageError(
      'KAGE_AGENT_AMBIGUOUS',
      `${subject.id} is a run of several agents.`,
      'Go to the line of one of them.',
    )
  return { id: `${subject.run.id}/${agent.name}`, run: subject.run, agent }
}

function openWorktree(context: Context, call: Call, subject: ReturnType<typeof agentOf>): Promise<void> {
  if (worktreesOf([subject.run]).every(({ id }) => id !== subject.id))
    throw new KageError(
      'KAGE_WORKTREE_MISSING',
      `${subject.id} has no worktree: it is ${subject.agent.status}.`,
    )
  return showWorktree(context, call, subject)
}

/** To one agent, or to each of a run that is at work. */
async function send(context: Context, call: Call, { id, run, agent }: Subject): Promise<void> {
  const text = await context.questions.input(`To ${id}: `)
  if (text === null) return
  const agents = agent === null ? run.agents.filter(({ process }) => process !== null) : [agent]
  if (agents.length === 0) throw new KageError('KAGE_AGENT_STATE', `No agent of ${id} is at work.`)
  for (const [index, { name }] of agents.entries())
    await context.run('send', { ...call, id: `${call.id}-${index}`, words: `${run.id}/${name} -- ${text}` })
}

function isPaused({ run, agent }: Subject): boolean {
  const agents = agent === null ? run.agents : [agent]
  return (
    agents.some(({ status }) => status === 'paused') && agents.every(({ status }) => status !== 'working')
  )
}
