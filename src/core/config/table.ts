import type { Restart } from '../agent/restart.ts'
import type { CheckKind } from '../check.ts'

/** A configuration file's tables as they are written. */
export interface ConfigTable {
  readonly default_agents?: readonly string[] | undefined
  readonly branch_prefix?: string | undefined
  readonly agents?: Readonly<Record<string, AgentTable>> | undefined
  readonly providers?: Readonly<Record<string, ProviderTable>> | undefined
  readonly checks?: Readonly<Record<string, CheckTable>> | undefined
  readonly worktree?: WorktreeTable | undefined
  readonly limits?: LimitsTable | undefined
  readonly retention?: RetentionTable | undefined
  readonly checking?: object | undefined
  readonly sandbox?: object | undefined
  readonly permissions?: object | undefined
  readonly attention?: { readonly after_s?: number | undefined } | undefined
  readonly notify?: object | undefined
  readonly landing?: object | undefined
  readonly judge?: object | undefined
  readonly roles?: object | undefined
  readonly record?: object | undefined
}

export interface AgentTable {
  readonly kind: 'api' | 'cli' | 'command' | 'acp'
  readonly command?: readonly string[] | undefined
  readonly env?: readonly string[] | undefined
  readonly restart?: Restart | undefined
  readonly provider?: string | undefined
  readonly model?: string | undefined
}

export interface ProviderTable {
  readonly api: 'openai' | 'anthropic'
  readonly base_url?: string | undefined
  readonly key_env?: string | undefined
  readonly price?: PriceTable | undefined
}

interface PriceTable {
  readonly input?: number | undefined
  readonly cached?: number | undefined
  readonly output?: number | undefined
}

export interface CheckTable {
  readonly kind: CheckKind
  readonly command: readonly string[]
  readonly required?: boolean | undefined
  readonly timeout_s?: number | undefined
}

interface WorktreeTable {
  readonly copy?: readonly string[] | undefined
  readonly link?: readonly string[] | undefined
  readonly setup?: readonly (readonly string[])[] | undefined
  readonly large_mb?: number | undefined
  readonly git?: 'own' | 'linked' | undefined
  readonly refs?: 'some' | 'all' | undefined
}

export interface LimitsTable {
  readonly agents?: number | undefined
  readonly turns?: number | undefined
  readonly task_tokens?: number | undefined
  readonly run_usd?: number | undefined
  readonly day_usd?: number | undefined
}

interface RetentionTable {
  readonly archive_days?: number | undefined
  readonly branches_days?: number | undefined
  readonly undos?: number | undefined
}
