import type { Peer } from '../adapters/bridge/peer.ts'
import { agentAbove, type AgentsKnown } from '../adapters/process/client/agent-above.ts'
import { hasEnded, isTrue } from '../adapters/process/client/statement.ts'
import { processTable } from '../adapters/process/table.ts'
import { KageError } from '../core/error.ts'
import { agentId } from '../core/id.ts'
import type { PersonParams, ProcessStatement } from '../core/protocol/params.ts'
import type { Parts } from './parts.ts'

/** What only the person may ask for: agents report and ask through sockets of their own. */
const persons: ReadonlySet<string> = new Set([
  'trust',
  'pick',
  'land',
  'undo',
  'drop',
  'decide',
  'resolve',
  'ack',
  'accept',
  'restoreRef',
  'clean',
  'shutdown',
  'editorQuestion',
  'editorAnswer',
])

/** Which process a client says it is, and what the process table told of it when the client said hello. */
interface Greeting {
  readonly statement: ProcessStatement
  readonly asGreeted: Finding
}

/** A statement that is false, or the agent that the process belongs to; null for a process of the person's. */
type Finding = 'false' | { readonly agent: string | null }

const greetings = new WeakMap<Peer, Greeting>()

/** Looks up the process that a client says it is, and remembers it. */
export function greetClient(parts: Parts, peer: Peer, statement: ProcessStatement | undefined): void {
  if (statement !== undefined) greetings.set(peer, { statement, asGreeted: lookUp(parts, statement) })
}

function lookUp(parts: Parts, statement: ProcessStatement): Finding {
  if (!isTrue(statement, processTable)) return 'false'
  return { agent: agentAbove(statement.pid, known(parts), processTable) }
}

/**
 * Refuses to an agent's client what is the person's to ask for, with KAGE_FORBIDDEN. It stops accidents and ordinary prompt
 * injection: a program of the same user that means harm can state another process.
 */
export function demandPerson(parts: Parts, peer: Peer, method: string, params: unknown): void {
  const wish = personsWish(method, params)
  if (wish === null) return
  const greeting = greetings.get(peer)
  // The client of 0.1.0 states nothing before it ends the daemon, and no socket tells which process is at its other end.
  if (greeting === undefined && method === 'shutdown') return
  const finding = greeting === undefined ? 'false' : findingNow(parts, greeting)
  if (finding === 'false') throw unknown(wish)
  if (finding.agent !== null) throw forbidden(wish, finding.agent)
}

/** A client may have ended since it asked, like an editor that was closed: then the look at its hello counts. */
function findingNow(parts: Parts, { statement, asGreeted }: Greeting): Finding {
  return hasEnded(statement, processTable) ? asGreeted : lookUp(parts, statement)
}

/** The words for a call that is the person's; null for one that is open to agents. An agent may spawn, but sets no budget, and see what a clean would remove. */
function personsWish(method: string, params: unknown): string | null {
  if (method === 'clean' && (params as PersonParams['clean']).dryRun === true) return null
  if (persons.has(method)) return method
  const { budgetUsd = null } = (method === 'spawn' ? params : {}) as Partial<PersonParams['spawn']>
  return budgetUsd === null ? null : 'spawn --budget'
}

function known({ kernel, spools }: Parts): AgentsKnown {
  const agents = Object.values(kernel.state.runs).flatMap((run) =>
    run.agents.flatMap(({ name, process }) =>
      process === null ? [] : [{ id: agentId(run.id, name), process }],
    ),
  )
  return {
    processes: agents.flatMap(({ id: agent, process: { pid, startTicks, launcherPid } }) => [
      { agent, pid, startTicks },
      { agent, pid: launcherPid, startTicks: null },
    ]),
    taskRoots: [spools.agentRoot],
  }
}

function forbidden(wish: string, agent: string): KageError {
  return new KageError(
    'KAGE_FORBIDDEN',
    `Only you may ask for "${wish}": this client runs inside the agent ${agent}.`,
    'Run it in a terminal of your own. An agent tells and asks through its own socket.',
  )
}

function unknown(wish: string): KageError {
  return new KageError(
    'KAGE_FORBIDDEN',
    `Only you may ask for "${wish}", and this client does not say truly which process it is.`,
    'Start that client anew: it may be of another version than the daemon.',
  )
}
