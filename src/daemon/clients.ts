import type { Peer } from '../adapters/bridge/peer.ts'
import { agentAbove, type AgentsKnown } from '../adapters/process/client/agent-above.ts'
import { isTrue } from '../adapters/process/client/statement.ts'
import { processTable } from '../adapters/process/table.ts'
import { KageError } from '../core/error.ts'
import { agentId } from '../core/id.ts'
import type { ProcessStatement } from '../core/protocol/params.ts'
import type { Parts } from './parts.ts'

/** What only the person may ask for: agents report and ask through sockets of their own. */
const persons: ReadonlySet<string> = new Set([
  'trust',
  'pick',
  'land',
  'undo',
  'decide',
  'resolve',
  'ack',
  'restoreRef',
  'editorQuestion',
  'editorAnswer',
])

const statements = new WeakMap<Peer, ProcessStatement>()

/** Remembers which process a client says it is. */
export function greetClient(peer: Peer, statement: ProcessStatement | undefined): void {
  if (statement !== undefined) statements.set(peer, statement)
}

/**
 * Refuses to an agent's client what is the person's to ask for, with KAGE_FORBIDDEN. It stops accidents and ordinary prompt
 * injection: a program of the same user that means harm can state another process.
 */
export function demandPerson(parts: Parts, peer: Peer, method: string): void {
  if (!persons.has(method)) return
  const statement = statements.get(peer)
  if (statement === undefined || !isTrue(statement, processTable)) throw unknown(method)
  const agent = agentAbove(statement.pid, known(parts), processTable)
  if (agent !== null) throw forbidden(method, agent)
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

function forbidden(method: string, agent: string): KageError {
  return new KageError(
    'KAGE_FORBIDDEN',
    `Only you may ask for "${method}": this client runs inside the agent ${agent}.`,
    'Run it in a terminal of your own. An agent tells and asks through its own socket.',
  )
}

function unknown(method: string): KageError {
  return new KageError(
    'KAGE_FORBIDDEN',
    `Only you may ask for "${method}", and this client does not say truly which process it is.`,
    'Start that client anew: it may be of another version than the daemon.',
  )
}
