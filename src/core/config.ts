import type { Price } from './budget/price.ts'
import { agentKinds, isRunKind, type RunKind } from './agent/kind.ts'
import type { Restart } from './agent/restart.ts'
import type { Check } from './check.ts'
import type { AgentTable, CheckTable, ConfigTable, ProviderTable } from './config/table.ts'
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
  readonly retention: RetentionConfig
  /** The silence after which an agent at work has stalled; null: it never has. */
  readonly attentionMs: number | null
}

/** How an agent's worktree is made and captured. */
export interface WorktreeConfig {
  /** Untracked paths of the person's tree that are copied into a worktree, or linked there. */
  readonly copy: readonly string[]
  readonly link: readonly string[]
  /** Commands that run in a new worktree. */
  readonly setup: readonly (readonly string[])[]
  /** An untracked file larger than this is left out of captures. */
  readonly largeFileBytes: number
  /** `own`: a git directory for each agent; `linked`: a linked worktree of the person's repository. */
  readonly git: 'own' | 'linked'
  /** `some`: the current branch, its upstream, the default branch and tags; `all`: every ref. */
  readonly refs: 'some' | 'all'
}

/** How long what a run leaves behind is kept. */
export interface RetentionConfig {
  /** Landings that can be undone; null: all. */
  readonly undoCount: number | null
  /** Days after which the branches of a landed run may go; null: never. */
  readonly branchesDays: number | null
  /** Days after which a run that has ended is archived; null: never. */
  readonly archiveDays: number | null
}

export interface LimitsConfig {
  readonly agents: number
  readonly turns: number
  readonly taskTokens: number
  /** Null: no limit. */
  readonly runUsd: number | null
}

/** One configured agent; those of kind "cli" and "acp" do not run in this version. */
export type AgentConfig = RunConfig | { readonly kind: Exclude<AgentTable['kind'], RunKind> }

/** A configured agent of a kind that this version runs. */
export type RunConfig = CommandAgent | ApiAgent

/** What the configuration says of an agent of one kind. */
export type ConfigOf<K extends RunKind> = Extract<RunConfig, { readonly kind: K }>

/** The built-in agent; without a provider or model it cannot be started. */
export interface ApiAgent {
  readonly kind: 'api'
  readonly provider: string | null
  readonly model: string | null
  readonly env: readonly string[]
  readonly restart: Restart
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
  readonly restart: Restart
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
    retention: { ...lower.retention, ...upper.retention },
    attention: { ...lower.attention, ...upper.attention },
  }
}

/** Whoever names another address must not be sent the key of the one that it replaces. */
function overProvider(lower: ProviderTable | undefined, upper: ProviderTable): ProviderTable {
  return lower?.api === upper.api && upper.base_url === undefined ? { ...lower, ...upper } : upper
}

/** The configuration that the tables of all layers make together. */
export function configOf(table: ConfigTable): Config {
  const { limits, worktree, retention } = table
  return {
    defaultAgents: table.default_agents ?? [],
    branchPrefix: table.branch_prefix ?? 'kage',
    agents: mapped(table.agents, agentOf),
    providers: mapped(table.providers, providerOf),
    checks: mapped(table.checks, checkOf),
    worktree: {
      copy: worktree?.copy ?? [],
      link: worktree?.link ?? [],
      setup: worktree?.setup ?? [],
      largeFileBytes: Math.round(1_000_000 * (worktree?.large_mb ?? 100)),
      git: worktree?.git ?? 'own',
      refs: worktree?.refs ?? 'some',
    },
    limits: {
      agents: limits?.agents ?? limit.agentsPerRunDefault,
      turns: limits?.turns ?? 60,
      taskTokens: limits?.task_tokens ?? 400_000,
      runUsd: limits?.run_usd ?? null,
    },
    retention: {
      undoCount: unlessZero(retention?.undos ?? 100),
      branchesDays: unlessZero(retention?.branches_days ?? 0),
      archiveDays: unlessZero(retention?.archive_days ?? limit.archiveDays),
    },
    attentionMs: unlessZero(1000 * (table.attention?.after_s ?? 240)),
  }
}

function unlessZero(value: number): number | null {
  return value === 0 ? null : value
}

/** How an agent's table is read, by its kind. */
const agentReaders: { readonly [K in RunKind]: (table: AgentTable) => ConfigOf<K> } = {
  command: ({ command, ...table }) => ({
    kind: 'command',
    command: command ?? [],
    ...commonOf('command', table),
  }),
  api: ({ provider, model, ...table }) => ({
    kind: 'api',
    provider: provider ?? null,
    model: model ?? null,
    ...commonOf('api', table),
  }),
}

function commonOf(
  kind: RunKind,
  { env, restart }: Pick<AgentTable, 'env' | 'restart'>,
): Pick<CommandAgent, 'env' | 'restart'> {
  return { env: env ?? environmentDefault, restart: restart ?? agentKinds[kind].restart }
}

function agentOf(table: AgentTable): AgentConfig {
  const { kind } = table
  return isRunKind(kind) ? agentReaders[kind](table) : { kind }
}

/** Tells whether this version runs a configured agent. */
export function isRunConfig(agent: AgentConfig): agent is RunConfig {
  return isRunKind(agent.kind)
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
