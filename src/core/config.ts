import type { Price } from './budget/price.ts'
import type { Check, CheckKind } from './check.ts'
import { limit } from './limit.ts'
import { wellKnownProviders } from './well-known-providers.ts'

/** What the configuration says, as the programs work with it. */
export interface Config {
  readonly defaultAgents: readonly string[]
  readonly branchPrefix: string
  readonly agents: Readonly<Record<string, AgentConfig>>
  readonly providers: Readonly<Record<string, ProviderConfig>>
  /** By name, in the order in which they are written. */
  readonly checks: Readonly<Record<string, Omit<Check, 'name'>>>
  readonly worktree: WorktreeConfig
  readonly limits: LimitsConfig
}

/** What a worktree gets beside its tracked files: paths of the person's own, and commands that are run in it. */
export interface WorktreeConfig {
  readonly copy: readonly string[]
  readonly link: readonly string[]
  readonly setup: readonly (readonly string[])[]
}

export interface LimitsConfig {
  readonly agents: number
  readonly turns: number
  readonly taskTokens: number
  /** Null: no limit. */
  readonly runUsd: number | null
}

/** One configured agent; those of kind "cli" and "acp" do not run in this version. */
export type AgentConfig = CommandAgent | ApiAgent | { readonly kind: 'cli' | 'acp' }

/** The built-in agent; without a provider or model it cannot be started. */
export interface ApiAgent {
  readonly kind: 'api'
  readonly provider: string | null
  readonly model: string | null
  readonly env: readonly string[]
}

/** An endpoint that speaks OpenAI's or Anthropic's protocol. */
export interface ProviderConfig {
  readonly api: 'openai' | 'anthropic'
  /** Null: the SDK's own address. */
  readonly baseUrl: string | null
  /** The variable that holds its key; null where it wants none. */
  readonly keyEnv: string | null
  readonly price: Price | null
}

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
  readonly providers?: Readonly<Record<string, ProviderTable>> | undefined
  readonly checks?: Readonly<Record<string, CheckTable>> | undefined
  readonly worktree?: WorktreeTable | undefined
  readonly limits?: LimitsTable | undefined
}

export interface AgentTable {
  readonly kind: AgentConfig['kind']
  readonly command?: readonly string[] | undefined
  readonly env?: readonly string[] | undefined
  readonly provider?: string | undefined
  readonly model?: string | undefined
  readonly fallback?: readonly string[] | undefined
}

export interface ProviderTable {
  readonly api: ProviderConfig['api']
  readonly base_url?: string | undefined
  readonly key_env?: string | undefined
  readonly rate?: object | undefined
  readonly price?: Partial<Record<keyof Price, number | undefined>> | undefined
}

export interface CheckTable {
  readonly kind: CheckKind
  readonly command: readonly string[]
  readonly report?: string | undefined
  readonly required?: boolean | undefined
  readonly timeout_s?: number | undefined
}

export interface WorktreeTable {
  readonly copy?: readonly string[] | undefined
  readonly link?: readonly string[] | undefined
  readonly setup?: readonly (readonly string[])[] | undefined
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
  providers: wellKnownProviders,
  limits: { agents: limit.agentsPerRunDefault, turns: 60, task_tokens: 400_000 },
}

/** The variables that programs get where nothing else is said. */
export const environmentDefault: readonly string[] = ['PATH', 'HOME', 'LANG', 'TERM']

/** One layer over another, table by table: an agent of the same kind takes over what it does not say itself. */
export function overlay(lower: ConfigTable, upper: ConfigTable): ConfigTable {
  const agents = copyOf(lower.agents)
  for (const [name, agent] of Object.entries(upper.agents ?? {})) {
    agents[name] = agents[name]?.kind === agent.kind ? { ...agents[name], ...agent } : agent
  }
  const providers = copyOf(lower.providers)
  for (const [name, provider] of Object.entries(upper.providers ?? {})) {
    providers[name] = overProvider(providers[name], provider)
  }
  return {
    ...lower,
    ...upper,
    agents,
    providers,
    checks: { ...lower.checks, ...upper.checks },
    worktree: { ...lower.worktree, ...upper.worktree },
    limits: { ...lower.limits, ...upper.limits },
  }
}

/** Whoever names another address must not be sent the key of the one that it replaces. */
function overProvider(lower: ProviderTable | undefined, upper: ProviderTable): ProviderTable {
  return lower?.api === upper.api && upper.base_url === undefined ? { ...lower, ...upper } : upper
}

/** The configuration that the tables of all layers make together. */
export function configOf(table: ConfigTable): Config {
  const { limits } = table
  return {
    defaultAgents: table.default_agents ?? [],
    branchPrefix: table.branch_prefix ?? 'kage',
    agents: mapped(table.agents, agentOf),
    providers: mapped(table.providers, providerOf),
    checks: mapped(table.checks, checkOf),
    worktree: {
      copy: table.worktree?.copy ?? [],
      link: table.worktree?.link ?? [],
      setup: table.worktree?.setup ?? [],
    },
    limits: {
      agents: limits?.agents ?? limit.agentsPerRunDefault,
      turns: limits?.turns ?? 60,
      taskTokens: limits?.task_tokens ?? 400_000,
      runUsd: limits?.run_usd ?? null,
    },
  }
}

function agentOf({ kind, command, env, provider, model }: AgentTable): AgentConfig {
  if (kind === 'command') return { kind, command: command ?? [], env: env ?? environmentDefault }
  if (kind !== 'api') return { kind }
  return { kind, provider: provider ?? null, model: model ?? null, env: env ?? environmentDefault }
}

function providerOf({ api, base_url: baseUrl, key_env: keyEnv, price }: ProviderTable): ProviderConfig {
  const ownKey = api === 'anthropic' ? 'ANTHROPIC_API_KEY' : 'OPENAI_API_KEY'
  const variable = keyEnv ?? (baseUrl === undefined ? ownKey : '')
  return {
    api,
    baseUrl: baseUrl ?? null,
    keyEnv: variable === '' ? null : variable,
    price: priceOf(price),
  }
}

function checkOf({ kind, command, required, timeout_s: seconds }: CheckTable): Omit<Check, 'name'> {
  const timeoutMs = seconds === undefined ? limit.checkMs : 1_000 * seconds
  return { kind, command, required: required ?? true, timeoutMs }
}

/** A price counts only where both ways are known; what is cached costs as much as the rest unless it says otherwise. */
function priceOf(price: ProviderTable['price']): Price | null {
  if (price?.input === undefined || price.output === undefined) return null
  return { input: price.input, cached: price.cached ?? price.input, output: price.output }
}

function mapped<T, R>(
  table: Readonly<Record<string, T>> | undefined,
  change: (value: T) => R,
): Record<string, R> {
  const result = Object.create(null) as Record<string, R>
  for (const [name, value] of Object.entries(table ?? {})) result[name] = change(value)
  return result
}

function copyOf<T>(table: Readonly<Record<string, T>> | undefined): Record<string, T> {
  return mapped(table, (value) => value)
}
