import * as v from 'valibot'
import type { ConfigTable } from './config.ts'
import { limit } from './limit.ts'

const text = v.string('must be text')
const line = v.pipe(text, v.regex(/^[^\p{Cc}]*$/u, 'must not hold control characters'))
const lines = v.array(line, 'must be a list of texts')
const count = v.pipe(
  v.number('must be a number'),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be at least 1'),
)
const amount = v.pipe(
  v.number('must be a number'),
  v.finite('must be a finite number'),
  v.minValue(0, 'must not be negative'),
)
const yes = v.boolean('must be true or false')

const word = v.pipe(
  text,
  v.check((value) => !value.includes('\0'), 'must not hold a NUL character'),
)
const command = v.pipe(
  v.array(word, 'must be a list of texts: the program and its arguments'),
  v.check((words) => (words[0] ?? '') !== '', 'must name a program'),
)
/** A daemon's own variables and the person's tmux would hand an agent the way to the person's socket. */
const variable = v.pipe(
  text,
  v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a variable'),
  v.check((name) => !/^(KAGE_|TMUX)/.test(name), 'must not be one of KAGE_* or TMUX*: an agent gets its own'),
)
/** What stands in an address is written down; a key or password belongs into a variable. */
const address = v.pipe(
  line,
  v.regex(/^https?:\/\/[^\s/?#]+[^\s]*$/, 'must be an address that begins with http:// or https://'),
  v.check(
    (value) => !/^[^/]*\/\/[^/?#]*@/.test(value) && !/[?#]/.test(value),
    'must not hold a password or a query: name the variable that holds the key as key_env',
  ),
)
const env = v.optional(v.array(variable, 'must be a list of names of variables'))

const name = v.pipe(
  text,
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/,
    'is no name for an agent: up to 32 letters, digits, "-", "_" and ".", a letter or digit first',
  ),
  v.check(
    (value) => !/\.\.|\.$|\.lock$/i.test(value),
    'is no name for an agent: git could not name a branch so',
  ),
  v.check(
    (value) => value.toLowerCase() !== 'base' && !/^[rg][0-9]+(\.[a-z]+)?$/.test(value),
    'is reserved: it means a base, a run, a region or a variant',
  ),
)
const key = v.pipe(
  text,
  v.regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/, 'is no name: letters, digits, "-", "_" and "."'),
)
const prefix = v.pipe(
  text,
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/,
    'must be the beginning of a branch name, like "kage"',
  ),
  v.maxLength(100, 'must have at most 100 letters'),
  v.check(
    (value) => !/\.\.|\.(\/|$)|\.lock(\/|$)/i.test(value),
    'must be the beginning of a branch name that git allows',
  ),
)

const agent = {
  api: {
    kind: v.literal('api'),
    provider: v.optional(line),
    model: v.optional(line),
    fallback: v.optional(lines),
    env,
  },
  cli: {
    kind: v.literal('cli'),
    recipe: line,
    args: v.optional(v.array(word, 'must be a list of texts')),
    env,
  },
  command: { kind: v.literal('command'), command, env },
  acp: { kind: v.literal('acp'), command, env },
}
const kinds = Object.keys(agent)
const rate = { requests_per_minute: v.optional(count), tokens_per_minute: v.optional(count) }
const price = { input: v.optional(amount), cached: v.optional(amount), output: v.optional(amount) }
const table = 'must be a table'
const provider = {
  api: v.picklist(['openai', 'anthropic'], 'must be "openai" or "anthropic"'),
  base_url: v.optional(address),
  key_env: v.optional(v.union([v.literal(''), variable], 'must be the name of a variable, or "" for no key')),
  rate: v.optional(v.strictObject(rate, table)),
  price: v.optional(v.strictObject(price, table)),
}
const check = {
  kind: v.picklist(
    ['test', 'lint', 'type', 'build', 'bench'],
    'must be "test", "lint", "type", "build" or "bench"',
  ),
  command,
  report: v.optional(line),
  required: v.optional(yes),
  timeout_s: v.optional(v.pipe(amount, v.maxValue(86_400, 'must be at most a day'))),
}
const worktree = {
  copy: v.optional(lines),
  link: v.optional(lines),
  setup: v.optional(v.array(command, 'must be a list of commands')),
}
const limits = {
  agents: v.optional(v.pipe(count, v.maxValue(limit.agentsPerRun, `must be at most ${limit.agentsPerRun}`))),
  turns: v.optional(count),
  task_tokens: v.optional(count),
  run_usd: v.optional(amount),
  day_usd: v.optional(amount),
}
const root = {
  default_agents: v.optional(
    v.pipe(v.array(name, 'must be a list of names of agents'), v.minLength(1, 'must name an agent')),
  ),
  branch_prefix: v.optional(prefix),
  agents: v.optional(
    v.record(
      name,
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
  providers: v.optional(v.record(key, v.strictObject(provider, table), table)),
  checks: v.optional(v.record(key, v.strictObject(check, table), table)),
  worktree: v.optional(v.strictObject(worktree, table)),
  limits: v.optional(v.strictObject(limits, table)),
}

/** The shape of a configuration file: every key of this and of later versions. */
export const configSchema: v.GenericSchema<unknown, ConfigTable> = v.strictObject(root, table)

/** The keys that a table knows, by its path in the file; an agent's depend on its kind. */
export function knownKeys(path: readonly string[], kind: unknown): readonly string[] {
  const [first, , third] = path
  if (path.length === 0) return Object.keys(root)
  if (first === 'agents')
    return Object.keys(agent[kinds.includes(String(kind)) ? (kind as keyof typeof agent) : 'api'])
  if (first === 'providers' && path.length === 3) return Object.keys(third === 'rate' ? rate : price)
  if (first === 'providers') return Object.keys(provider)
  if (first === 'checks') return Object.keys(check)
  return Object.keys(first === 'limits' ? limits : worktree)
}
