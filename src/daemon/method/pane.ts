import { randomUUID } from 'node:crypto'
import { attachTo } from '../../adapters/tmux/attach.ts'
import { isRun } from '../../core/agent/kind.ts'
import { draft } from '../../core/draft.ts'
import { KageError } from '../../core/error.ts'
import { agentId } from '../../core/id.ts'
import { limit } from '../../core/limit.ts'
import type { PersonParams, Subject as Params } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { AgentState, RunState } from '../../core/state.ts'
import type { Parts } from '../parts.ts'
import type { Message } from '../agent-kind/driver.ts'
import { driverOf } from '../agent-kind/drivers.ts'
import type { Delivery } from '../message.ts'
import { findAgent } from '../subject.ts'
import { shown, subjectToChange } from './look.ts'

/** Brings a text to an agent in the way of its kind; what is known of its arrival is an event. */
export async function send(parts: Parts, params: PersonParams['send']): Promise<Results['send']> {
  if (params.text.trim() === '')
    throw new KageError('KAGE_USAGE', 'The text is empty.', 'Say what is to be sent.')
  const bytes = Buffer.byteLength(params.text)
  if (bytes > limit.messageBytes) {
    throw new KageError(
      'KAGE_LIMIT',
      `The text has ${bytes} bytes; ${limit.messageBytes} are the most.`,
      'Put it in a file and name the file.',
    )
  }
  const { command = randomUUID() } = params
  return parts.lanes.run(`send ${command}`, () => sendOnce(parts, params, { command, bytes }))
}

async function sendOnce(
  parts: Parts,
  params: PersonParams['send'],
  { command, bytes }: { readonly command: string; readonly bytes: number },
): Promise<Results['send']> {
  const known = parts.store.commandReply(command)
  if (known !== null) return JSON.parse(known) as Results['send']
  const { run, agent } = await agentOfParams(parts, params)
  const { comments = [] } = params
  // What is sent lies in files, or is written into the one of its pane's output.
  const text = parts.secrets.redact(params.text)
  const { outcome, ...delivery } = await deliveryTo(parts, run, agent, { text, command })
  const brought = comments.length === 0 ? {} : { comments }
  const sent = draft('message.sent', run.id, agent.name, { outcome, ...delivery, bytes, ...brought })
  return parts.kernel.execute({ command, decide: () => ({ events: [sent] }), reply: () => ({ outcome }) })
}

async function deliveryTo(
  parts: Parts,
  run: RunState,
  agent: AgentState,
  message: Message,
): Promise<Delivery> {
  if (agent.process === null || !isRun(agent)) return { outcome: 'refused' }
  return driverOf(agent).send(parts, { run, agent }, message)
}

/** Brings the asking terminal to an agent's pane. */
export async function attach(parts: Parts, params: PersonParams['attach']): Promise<Results['attach']> {
  const { run, agent } = await agentOfParams(parts, params)
  if (agent.pane === null) {
    throw new KageError(
      'KAGE_AGENT_STATE',
      `${agentId(run.id, agent.name)} has no pane: it is ${agent.status}.`,
    )
  }
  const { control } = await parts.servers.connect(agent.pane.server.socket)
  const { TMUX: tmux, TMUX_PANE: tmuxPane } = params.environment
  const attachment = await attachTo(control, agent.pane.id, { tmux, tmuxPane })
  return { ...shown(parts, { run, agent }), argv: attachment.kind === 'exec' ? attachment.argv : null }
}

async function agentOfParams(parts: Parts, params: Params): Promise<{ run: RunState; agent: AgentState }> {
  const { run, agent } = await subjectToChange(parts, params)
  return findAgent(parts.kernel, null, agent === null ? run.id : agentId(run.id, agent.name))
}
