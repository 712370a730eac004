import { createHash } from 'node:crypto'
import { join } from 'node:path'

/** An agent's own socket: a short name of fixed length in a directory beside the person's, whatever the agent is called. */
export function agentSocket(runtime: string, agent: string): string {
  return join(runtime, 'a', createHash('sha256').update(agent).digest('hex').slice(0, 16))
}
