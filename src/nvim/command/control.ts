import type { Control } from '../../core/decide/control.ts'
import { isRun } from '../../core/agent/kind.ts'
import { KageError } from '../../core/error.ts'
import { type AgentState, ended } from '../../core/state.ts'
import { type Call, wordsOf } from '../call.ts'
import type { EditorCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { agentsOf, choose, runsOfCall, type Subject } from '../subject.ts'

/** The commands that steer a run or an agent differ only in their name. */
export function control(name: Control, summary: string): EditorCommand {
  return {
    name,
    usage: '[ID]',
    summary,
    run: async (context, call) => {
      const id = wordsOf(call)[0] ?? (await subjectMeant(context, call, name))?.id
      if (id === undefined) return
      await context.session.ask('control', { repo: call.directory, id, control: name, command: call.id })
      context.notices.say(`${id}: ${done[name]}`)
    },
  }
}

const done: Readonly<Record<Control, string>> = {
  interrupt: 'interrupted',
  pause: 'paused',
  resume: 'goes on',
  stop: 'stopped',
}

/** The agent whose tab page this is; else what there is to choose from: agents, and runs of several. */
async function subjectMeant(context: Context, call: Call, name: Control): Promise<Subject | null> {
  const { runs } = await runsOfCall(context, call)
  const agents = agentsOf(runs).filter(({ agent }) => fits(name, agent))
  const here = agents.find(({ id }) => id === call.agent)
  if (here !== undefined) return here
  const whole = runs
    .filter((run) => agents.filter((each) => each.run === run).length > 1)
    .map((run) => ({ id: run.id, run, agent: null }))
  const subjects: Subject[] = [...whole, ...agents]
  if (subjects.length === 0)
    throw new KageError(
      'KAGE_AGENT_STATE',
      `There is no agent to ${name} here.`,
      ':KageDash shows what there is.',
    )
  return choose(context, `Kage: ${name} which?`, subjects)
}

function fits(name: Control, agent: AgentState): boolean {
  if (!isRun(agent) || agent.desired === 'cleaned') return false
  if (name === 'resume')
    return agent.status === 'paused' || agent.status === 'failed' || agent.status === 'stopped'
  return !ended(agent) && (name !== 'pause' || agent.status !== 'paused')
}
