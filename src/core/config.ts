import { limit } from './limit.ts'

/** What the configuration says, as the programs work with it. */
export interface Config {
  readonly defaultAgents: readonly string[]
  readonly branchPrefix: string
  readonly agents: Readonly<Record<string, AgentConfig>>
  readonly limits: { readonly agents: number }
}

/** One configured agent; only those of kind "command" run in this version. */
export type AgentConfig = CommandAgent | { readonly kind: 'api' | 'cli' | 'acp' }

/** Any program: its words, and the names of the variables that it gets of the asking client's environment. */
export interface CommandAgent {
  readonly kind: 'command'
  readonly command: readonly string[]
  readonly env: readonly string[]
}

/** A configuration file's tables, as they are written. */
export interface ConfigTable {
  readonly default_agents?: readonly string[] | undefined
  readonly branch_prefix?: string | undefined
  readonly agents?: Readonly<Record<string, AgentTable>> | undefined
  readonly providers?: Readonly<Record<string, object>> | undefined
  readonly checks?: Readonly<Record<string, object>> | undefined
  readonly worktree?: object | undefined
  readonly limits?: LimitsTable | undefined
}

export interface AgentTable {
  readonly kind: AgentConfig['kind']
  readonly command?: readonly string[] | undefined
  readonly env?: readonly string[] | undefined
}

export interface LimitsTable {
  readonly agents?: number | undefined
  readonly turns?: number | undefined
  readonly task_tokens?: number | undefined
  readonly run_usd?: number | undefined
  readonly day_usd?: number | undefined
}

/** What holds where no file says otherwise. */
export const builtIn: ConfigTable = {
  default_agents: ['coder'],
  branch_prefix: 'kage',
  agents: { coder: { kind: 'api' } },
  limits: { agents: limit.agentsPerRunDefault },
}

const environmentDefault = ['PATH', 'HOME', 'LANG', 'TERM']

/** One layer over another, table by table: an agent of the same kind takes over what it does not say itself. */
export function overlay(lower: ConfigTable, upper: ConfigTable): ConfigTable {
  const agents: Record<string, AgentTable> = Object.create(null) as Record<string, AgentTable>
  for (const [name, agent] of Object.entries(lower.agents ?? {})) agents[name] = agent
  for (const [name, agent] of Object.entries(upper.agents ?? {})) {
    agents[name] = agents[name]?.kind === agent.kind ? { ...agents[name], ...agent } : agent
  }
  return { ...lower, ...upper, agents, limits: { ...lower.limits, ...upper.limits } }
}

/** The configuration that the tables of all layers make together. */
export function configOf(table: ConfigTable): Config {
  const agents: Record<string, AgentConfig> = Object.create(null) as Record<string, AgentConfig>
  for (const [name, { kind, command, env }] of Object.entries(table.agents ?? {})) {
    agents[name] =
      kind === 'command' ? { kind, command: command ?? [], env: env ?? environmentDefault } : { kind }
  }
  return {
    defaultAgents: table.default_agents ?? [],
    branchPrefix: table.branch_prefix ?? 'kage',
    agents,
    limits: { agents: table.limits?.agents ?? limit.agentsPerRunDefault },
  }
}
