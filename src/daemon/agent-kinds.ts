import type { Repository } from '../adapters/git/repository/repository.ts'
import { type AgentConfig, isRunConfig } from '../core/config.ts'
import type { AgentKindFacts } from '../core/decide/spawn.ts'
import { driverOf } from './agent-kind/drivers.ts'
import type { Configured } from './configuration.ts'

/** What can be told of every configured agent before a run is decided: how it starts, or why it cannot. */
export async function agentKinds(
  { config, file }: Configured,
  environment: Readonly<Record<string, string>>,
  repository: Repository,
  base: string,
): Promise<Record<string, AgentKindFacts>> {
  const ground = { providers: config.providers, file, environment, repository, base }
  const factsOf = (name: string, agent: AgentConfig): AgentKindFacts | Promise<AgentKindFacts> => {
    if (isRunConfig(agent)) return driverOf(agent).facts(name, agent, ground)
    return { kind: agent.kind, command: [], environment: [], problem: null }
  }
  const kinds: Record<string, AgentKindFacts> = {}
  const entries = Object.entries(config.agents).map(
    async ([name, agent]) => [name, await factsOf(name, agent)] as const,
  )
  for (const [name, facts] of await Promise.all(entries)) kinds[name] = facts
  return kinds
}
