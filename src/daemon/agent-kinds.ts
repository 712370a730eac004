import type { Repository } from '../adapters/git/repository/repository.ts'
import type { AgentConfig, ApiAgent } from '../core/config.ts'
import { chooseModel } from '../core/decide/model.ts'
import type { AgentKindFacts } from '../core/decide/spawn.ts'
import { fault } from '../core/error.ts'
import { commandProblem } from './command-problem.ts'
import type { Configured } from './configuration.ts'

/** What can be told of every configured agent before a run is decided: how it starts, or why it cannot. */
export async function agentKinds(
  { config, file }: Configured,
  environment: Readonly<Record<string, string>>,
  repository: Repository,
  base: string,
): Promise<Record<string, AgentKindFacts>> {
  const factsOf = (name: string, agent: AgentConfig): AgentKindFacts | Promise<AgentKindFacts> => {
    if (agent.kind === 'api')
      return ofModel(agent, chooseModel(name, agent, { providers: config.providers, file, environment }))
    if (agent.kind !== 'command') return { kind: agent.kind, command: [], environment: [], problem: null }
    return ofCommand(name, agent, environment['PATH'] ?? '', repository, base)
  }
  const kinds: Record<string, AgentKindFacts> = {}
  const entries = Object.entries(config.agents).map(
    async ([name, agent]) => [name, await factsOf(name, agent)] as const,
  )
  for (const [name, facts] of await Promise.all(entries)) kinds[name] = facts
  return kinds
}

/** Its command is Kage's own program, wherever that lies when its pane is opened. */
function ofModel({ kind, env }: ApiAgent, choice: ReturnType<typeof chooseModel>): AgentKindFacts {
  if ('code' in choice) return { kind, command: [], environment: env, problem: choice }
  const environment = choice.keyEnv === null ? env : [...new Set([...env, choice.keyEnv])]
  return { kind, command: [], environment, model: choice, problem: null }
}

async function ofCommand(
  name: string,
  { kind, command, env }: Extract<AgentConfig, { kind: 'command' }>,
  path: string,
  repository: Repository,
  base: string,
): Promise<AgentKindFacts> {
  const why = await commandProblem(command, path, repository, base)
  const problem = why === null ? null : fault('KAGE_AGENT_COMMAND', `Agent "${name}" cannot start: ${why}`)
  return { kind, command, environment: env, problem }
}
