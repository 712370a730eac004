import { createHash } from 'node:crypto'
import { join } from 'node:path'

/**
 * An agent's own socket, in a directory of its own; the directories lie beside the runtime directory, so that no way up from
 * there leads to the person's socket. `name` is one that other agents cannot guess, of which 12 characters count.
 */
export function agentSocket(runtime: string, name: string): string {
  return join(`${runtime}.a`, name.slice(0, 12), 's')
}

/** The socket that an agent got from 0.1.0: beside the person's, named after the agent. */
export function formerAgentSocket(runtime: string, agent: string): string {
  return join(runtime, 'a', createHash('sha256').update(agent).digest('hex').slice(0, 16))
}
