import { rmdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { agentSocket, formerAgentSocket } from '../adapters/bridge/agent-socket.ts'
import { serve, type Server } from '../adapters/bridge/server.ts'
import { prepareSocketDirectory } from '../adapters/bridge/socket-path.ts'
import { draft } from '../core/draft.ts'
import { KageError } from '../core/error.ts'
import { agentId } from '../core/id.ts'
import { agentSchemas } from '../core/protocol/method.ts'
import { parseParams } from '../core/protocol/parse.ts'
import { agentOf, type AgentState, ended } from '../core/state.ts'
import type { Kernel } from './kernel.ts'
import type { SecretNames } from './secret-names.ts'

/** One narrow socket for each agent that runs: through it an agent speaks of itself and of nothing else. */
export class AgentSockets {
  readonly #runtime: string
  readonly #kernel: Kernel
  readonly #names: SecretNames
  readonly #servers = new Map<string, Promise<Server>>()

  constructor(runtime: string, kernel: Kernel, names: SecretNames) {
    this.#runtime = runtime
    this.#names = names
    this.#kernel = kernel
    kernel.listen((events) => {
      for (const { type, run, agent } of events)
        if (type === 'agent.exited' || type === 'agent.failed') this.#close(run ?? '', agent ?? '')
    })
  }

  /** Listens for an agent and answers with its socket's path, the same after every start of the daemon. */
  async open(run: string, { name, spool }: Pick<AgentState, 'name' | 'spool'>): Promise<string> {
    const id = agentId(run, name)
    const path = this.#pathOf(id, spool)
    prepareSocketDirectory(dirname(path))
    const known = this.#servers.get(id)
    const server =
      known ?? serve(path, { methods: (method, params) => this.#answer(run, name, method, params) })
    this.#servers.set(id, server)
    server.catch(() => this.#servers.delete(id))
    await server
    return path
  }

  #pathOf(id: string, spool: AgentState['spool']): string {
    if (spool === 'one') return formerAgentSocket(this.#runtime, id)
    return agentSocket(this.#runtime, this.#names('socket', id))
  }

  #close(run: string, name: string): void {
    const id = agentId(run, name)
    void this.#servers.get(id)?.then(
      async (server) => {
        await server.close()
        if (basename(server.path) === 's') await rmdir(dirname(server.path)).catch(() => {})
      },
      () => {},
    )
    this.#servers.delete(id)
  }

  async closeAll(): Promise<void> {
    const servers = await Promise.allSettled(this.#servers.values())
    this.#servers.clear()
    for (const server of servers) if (server.status === 'fulfilled') await server.value.close()
  }

  async #answer(run: string, name: string, method: string, params: unknown): Promise<unknown> {
    if (method === 'hello') return { agent: agentId(run, name) }
    if (!Object.hasOwn(agentSchemas, method))
      throw new KageError('KAGE_FORBIDDEN', `An agent cannot ask for "${method}".`)
    const agent = agentOf(this.#kernel.state, run, name)
    if (agent === null || ended(agent))
      throw new KageError('KAGE_AGENT_STATE', `${agentId(run, name)} has ended.`)
    const report = method === 'ask' ? question(params) : parseParams(agentSchemas.report, method, params)
    // Saying the same again adds nothing to the log.
    if (agent.status === report.status && agent.reason === report.message) return { ok: true }
    await this.#kernel.append([draft('agent.reported', run, name, report)])
    return { ok: true }
  }
}

function question(params: unknown): { status: 'waiting'; message: string } {
  return { status: 'waiting', message: `asks: ${parseParams(agentSchemas.ask, 'ask', params).question}` }
}
