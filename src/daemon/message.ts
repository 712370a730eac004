import { createHash } from 'node:crypto'
import { findMessage, writeMessage } from '../adapters/process/agent-spool.ts'
import type { SendOutcome } from '../core/event.ts'
import { agentOf, type AgentState, ended, type RunState } from '../core/state.ts'
import { limit } from '../core/limit.ts'
import type { Parts } from './parts.ts'

/** What became of a message to the built-in agent, and the id under which it says that it has read it. */
export interface Delivery {
  readonly outcome: SendOutcome
  readonly id?: string
}

/**
 * Puts a message into the built-in agent's inbox and waits a little until it says that it has read it. Where it is busy or
 * halted it reads it later: what is in the inbox stays there, also for its next attempt. A message that a daemon wrote
 * before it died is not written again by the repeated command.
 */
export async function deliver(
  parts: Parts,
  run: RunState,
  agent: AgentState,
  { text, command }: { readonly text: string; readonly command: string },
): Promise<Delivery> {
  const key = keyOf(command)
  const spools = parts.spools.all(run.id, agent).map(({ agent: directory }) => directory)
  const written = await findMessage(spools, key)
  if (written !== null) return { outcome: unheard(agent), id: written }
  const id = nextId(parts, key)
  const heard = hearing(parts, id)
  const spool = parts.spools.of(run.id, agent)
  const isThere = await writeMessage(spool.agent, id, text).catch(() => false)
  if (!isThere) {
    heard.close()
    return { outcome: 'refused' }
  }
  const isPaused = (): boolean => agentOf(parts.kernel.state, run.id, agent.name)?.status === 'paused'
  if (await heard.within(isPaused() ? 0 : limit.heardMs)) return { outcome: 'submitted', id }
  return { outcome: unheard(agentOf(parts.kernel.state, run.id, agent.name)), id }
}

/** One that waits for the person reads at once: that it did not is told as it is. */
function unheard(agent: AgentState | null): SendOutcome {
  if (agent === null || ended(agent)) return 'unverified'
  return agent.status === 'paused' || agent.status === 'working' ? 'staged' : 'unverified'
}

/** Listens for the word that a message was read, from before it is written. */
function hearing(
  { kernel }: Parts,
  id: string,
): { within: (milliseconds: number) => Promise<boolean>; close: () => void } {
  const heard = Promise.withResolvers<boolean>()
  const close = kernel.listen((events) => {
    if (events.some((event) => event.type === 'message.heard' && event.data.id === id)) heard.resolve(true)
  })
  const within = async (milliseconds: number): Promise<boolean> => {
    const timer = setTimeout(() => heard.resolve(false), milliseconds)
    try {
      return await heard.promise
    } finally {
      clearTimeout(timer)
      close()
    }
  }
  return { within, close }
}

let lastNumber = 0

/** Ids sort in the order of sending, also beyond a new start of the daemon. */
function nextId({ kernel }: Parts, key: string): string {
  lastNumber = Math.max(lastNumber + 1, kernel.state.seq)
  return `${String(lastNumber).padStart(12, '0')}-${key}`
}

/** The part of a message's id that the command alone determines. */
function keyOf(command: string): string {
  return createHash('sha256').update(command).digest('hex').slice(0, 12)
}
