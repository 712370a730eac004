import type { AgentMark } from '../../adapters/process/identity.ts'
import { endLeftovers } from '../../adapters/process/leftovers.ts'
import { signalAgent } from '../../adapters/process/signal.ts'
import { decideControl } from '../../core/decide/control.ts'
import { KageError } from '../../core/error.ts'
import { agentId } from '../../core/id.ts'
import { limit } from '../../core/limit.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Shown } from '../../core/protocol/results.ts'
import { agentOf, ended, type RunState } from '../../core/state.ts'
import type { Parts } from '../parts.ts'
import { keyNamesOf } from '../secrets.ts'
import { findSubject } from '../subject.ts'
import { shown, subjectToChange, until } from './look.ts'

const signals = { interrupt: 'SIGINT', pause: 'SIGSTOP', resume: 'SIGCONT' } as const

/** Steers a run or an agent: the wish is durable first, then it is carried out, and `stop` waits for the end. */
export async function control(parts: Parts, params: PersonParams['control']): Promise<Shown> {
  const { run, agent } = await subjectToChange(parts, params)
  const names = agent === null ? run.agents.map((each) => each.name) : [agent.name]
  const now = (): RunState => findSubject(parts.kernel, null, run.id).run
  const chosen = (): RunState['agents'] => now().agents.filter((each) => names.includes(each.name))
  const markOf = (name: string): AgentMark => ({
    agent: agentId(run.id, name),
    spool: parts.spools.of(
      run.id,
      agentOf(parts.kernel.state, run.id, name) ?? { name, attempt: 1, spool: 'two' },
    ),
  })
  if (params.environment !== undefined) rememberFor(parts, now(), params.environment)
  const processes = new Map(chosen().map((each) => [each.name, each.process]))
  const { steered } = await parts.kernel.execute({
    command: params.command,
    decide: () => decideControl(params.control, now(), chosen()),
    reply: (_, events) => ({ steered: events.map((event) => event.agent ?? '') }),
  })
  if (params.control === 'stop') {
    if (await until(parts, () => chosen().every(ended), limit.stopWaitMs)) throw late(run.id, chosen())
    const marks = chosen().flatMap((each) => parts.spools.marks(run.id, each))
    await endLeftovers(marks, limit.stopGraceMs)
  } else {
    const signal = signals[params.control]
    for (const name of steered) {
      const process = processes.get(name)
      if (process) signalAgent(process, markOf(name), signal)
    }
  }
  await parts.kernel.settled()
  const after = agent === null ? null : agentOf(parts.kernel.state, run.id, agent.name)
  return shown(parts, { run: now(), agent: after })
}

/** Whoever lets a run go on may have corrected a key; a new start of the daemon has forgotten them all. */
function rememberFor(parts: Parts, run: RunState, environment: Readonly<Record<string, string>>): void {
  parts.secrets.learn(environment, keyNamesOf(parts.kernel.state))
  parts.environments.remember(run.id, environment, run.agents)
}

function late(run: string, agents: RunState['agents']): KageError {
  const left = agents.filter((agent) => !ended(agent)).map((agent) => agentId(run, agent.name))
  return new KageError(
    'KAGE_TIMEOUT',
    `Not ended yet: ${left.join(', ')}.`,
    'It is still tried; daemon.log tells why, and `kage doctor` names its place.',
  )
}
