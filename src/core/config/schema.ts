import * as v from 'valibot'
import type { ConfigTable } from './table.ts'
import * as value from './value.ts'
import { limit } from '../limit.ts'

const table = 'must be a table'
const { optional: maybe } = v
const oneOf = value.oneOf

const restart = maybe(oneOf('permanent', 'transient', 'temporary'))
const agent = {
  api: {
    kind: v.literal('api'),
    provider: maybe(value.line),
    model: maybe(value.line),
    fallback: maybe(value.lines),
    env: maybe(value.variables),
    restart,
  },
  cli: {
    kind: v.literal('cli'),
    recipe: value.line,
    args: maybe(value.words),
    driver: maybe(oneOf('tui', 'headless', 'acp')),
    mode: maybe(oneOf('ask', 'edit', 'all')),
    model: maybe(value.line),
    gateway: maybe(value.yes),
    env: maybe(value.variables),
    restart,
  },
  command: {
    kind: v.literal('command'),
    command: value.command,
    follow_up: maybe(value.command),
    env: maybe(value.variables),
    restart,
  },
  acp: { kind: v.literal('acp'), command: value.command, env: maybe(value.variables), restart },
}
const kinds = Object.keys(agent)
const rate = { requests_per_minute: maybe(value.count), tokens_per_minute: maybe(value.count) }
const price = { input: maybe(value.amount), cached: maybe(value.amount), output: maybe(value.amount) }
const providerKey = { env: value.variable, priority: maybe(value.integer) }
const provider = {
  api: oneOf('openai', 'anthropic'),
  base_url: maybe(value.address),
  key_env: maybe(
    v.union([v.literal(''), value.variable], 'must be the name of a variable, or "" for no key'),
  ),
  keys: maybe(v.array(v.strictObject(providerKey, table), 'must be a list of tables')),
  rate: maybe(v.strictObject(rate, table)),
  price: maybe(v.strictObject(price, table)),
  slow_s: maybe(value.amount),
}
const check = {
  kind: oneOf('test', 'lint', 'type', 'build', 'bench'),
  command: value.command,
  report: maybe(value.line),
  required: maybe(value.yes),
  timeout_s: maybe(v.pipe(value.amount, v.maxValue(86_400, 'must be at most a day'))),
  loop: maybe(value.yes),
}
const checking = {
  auto: maybe(value.yes),
  tests: maybe(value.lines),
  jobs: maybe(value.count),
  gate: maybe(oneOf('off', 'on', 'auto')),
  loop_max: maybe(value.countOrNone),
}
const worktree = {
  copy: maybe(value.lines),
  link: maybe(value.lines),
  setup: maybe(v.array(value.command, 'must be a list of commands')),
  keep: maybe(value.lines),
  submodules: maybe(oneOf('none', 'init', 'recursive')),
  large_mb: maybe(value.size),
  git: maybe(oneOf('own', 'linked')),
  refs: maybe(oneOf('some', 'all')),
}
const limits = {
  agents: maybe(v.pipe(value.count, v.maxValue(limit.agentsPerRun, `must be at most ${limit.agentsPerRun}`))),
  turns: maybe(value.count),
  task_tokens: maybe(value.count),
  run_usd: maybe(value.amount),
  day_usd: maybe(value.amount),
}
const sandbox = {
  mode: maybe(oneOf('auto', 'require', 'off')),
  read: maybe(value.lines),
  write: maybe(value.lines),
  env: maybe(value.variables),
  network: maybe(oneOf('on', 'loopback', 'off')),
}
const permissionRule = { pattern: value.line, do: oneOf('allow', 'ask', 'deny') }
const permissions = {
  inside_worktree: maybe(oneOf('allow', 'ask', 'deny')),
  outside: maybe(oneOf('allow', 'ask', 'deny')),
  commands: maybe(v.array(v.strictObject(permissionRule, table), 'must be a list of tables')),
  timeout_s: maybe(value.amount),
}
const attention = { after_s: maybe(value.amount) }
const notify = { command: maybe(value.words) }
const landing = { commit_hooks: maybe(value.yes), notes: maybe(value.yes) }
const retention = {
  archive_days: maybe(value.countOrNone),
  branches_days: maybe(value.countOrNone),
  undos: maybe(value.countOrNone),
  recordings_days: maybe(value.countOrNone),
}
const judge = { provider: maybe(value.line), model: maybe(value.line), usd: maybe(value.amount) }
const role = { agent: maybe(value.agentName) }
const record = { mode: maybe(oneOf('off', 'full')) }
const root = {
  default_agents: maybe(
    v.pipe(
      v.array(value.agentName, 'must be a list of names of agents'),
      v.minLength(1, 'must name an agent'),
    ),
  ),
  branch_prefix: maybe(value.branchPrefix),
  agents: maybe(
    v.record(
      value.agentName,
      v.variant(
        'kind',
        [
          v.strictObject(agent.api, table),
          v.strictObject(agent.cli, table),
          v.strictObject(agent.command, table),
          v.strictObject(agent.acp, table),
        ],
        `must be ${kinds.map((kind) => `"${kind}"`).join(', ')}`,
      ),
      table,
    ),
  ),
  providers: maybe(v.record(value.key, v.strictObject(provider, table), table)),
  checks: maybe(v.record(value.key, v.strictObject(check, table), table)),
  checking: maybe(v.strictObject(checking, table)),
  worktree: maybe(v.strictObject(worktree, table)),
  limits: maybe(v.strictObject(limits, table)),
  sandbox: maybe(v.strictObject(sandbox, table)),
  permissions: maybe(v.strictObject(permissions, table)),
  attention: maybe(v.strictObject(attention, table)),
  notify: maybe(v.strictObject(notify, table)),
  landing: maybe(v.strictObject(landing, table)),
  retention: maybe(v.strictObject(retention, table)),
  judge: maybe(v.strictObject(judge, table)),
  roles: maybe(v.record(value.key, v.strictObject(role, table), table)),
  record: maybe(v.strictObject(record, table)),
}

/** The shape of a configuration file: every documented key, also those that this version does not act on. */
export const configSchema: v.GenericSchema<unknown, ConfigTable> = v.strictObject(root, table)

/** The keys of each table by its path; "*" stands for a name or a position in a list. */
const keys: readonly (readonly [path: string, keys: object])[] = [
  ['', root],
  ['providers.*', provider],
  ['providers.*.rate', rate],
  ['providers.*.price', price],
  ['providers.*.keys.*', providerKey],
  ['checks.*', check],
  ['permissions.commands.*', permissionRule],
  ['roles.*', role],
  ...Object.entries({ checking, worktree, limits, sandbox, permissions }),
  ...Object.entries({ attention, notify, landing, retention, judge, record }),
]

/** The keys that the table at a path may hold; an agent's depend on its kind. */
export function knownKeys(path: readonly string[], kind: unknown): readonly string[] {
  if (path[0] === 'agents')
    return Object.keys(agent[kinds.includes(String(kind)) ? (kind as keyof typeof agent) : 'api'])
  const found = keys.find(([pattern]) => matchesPattern(path, pattern))
  return Object.keys(found?.[1] ?? {})
}

/** Whether a path of keys fits a pattern like "providers.*.rate". */
export function matchesPattern(path: readonly string[], pattern: string): boolean {
  const words = pattern === '' ? [] : pattern.split('.')
  return words.length === path.length && words.every((word, at) => word === '*' || word === path[at])
}
