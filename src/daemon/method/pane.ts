import { randomUUID } from 'node:crypto'
import { beginOnce } from '../../adapters/process/spool-typed.ts'
import { attachTo } from '../../adapters/tmux/attach.ts'
import { sendText } from '../../adapters/tmux/text.ts'
import { draft } from '../../core/draft.ts'
import { KageError } from '../../core/error.ts'
import { agentId } from '../../core/id.ts'
import { limit } from '../../core/limit.ts'
import type { PersonParams, Subject as Params } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { AgentState, RunState } from '../../core/state.ts'
import type { Parts } from '../parts.ts'
import { type Delivery, deliver } from '../message.ts'
import { findAgent } from '../subject.ts'
import { shown, subjectToChange } from './look.ts'

/** Brings a text to an agent: typed into its pane, or into the inbox of the built-in one; what is known of its arrival is an event. */
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
  message: { readonly text: string; readonly command: string },
): Promise<Delivery> {
  const { pane } = agent
  if (agent.process === null) return { outcome: 'refused' }
  if (agent.kind === 'api') return deliver(parts, run, agent, message)
  if (pane === null) return { outcome: 'refused' }
  // A daemon that died after it began may have typed the text: it is not typed a second time.
  if (!(await beginOnce(parts.spools.of(run.id, agent), message.command))) return { outcome: 'unverified' }
  const { control } = await parts.servers.connect(pane.server.socket)
  return { outcome: await sendText(control, pane.id, agentId(run.id, agent.name), message.text) }
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
