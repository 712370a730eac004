import { parse, TomlError } from 'smol-toml'
import { builtIn, type Config, configOf, overlay } from '../../core/config.ts'
import type { ConfigTable } from '../../core/config/table.ts'
import { hints, KageError } from '../../core/error.ts'
import { nearest } from '../../core/nearest.ts'
import { type ConfigFile, readConfigFile, readOwnConfigFile } from './file.ts'
import { checkTable, problemAt } from './problem.ts'
import { notSupported } from './support.ts'
import { isWhole, withoutCommands } from './untrusted.ts'

export interface ConfigSources {
  /** The person's config.toml. */
  readonly file: string
  /** The .kage.toml of the person's own tree, where there is a repository. */
  readonly repositoryFile: string | null
  /** Whether that content of the repository's file was trusted. */
  readonly trusted: (hash: string) => boolean
}

export interface Loaded {
  readonly config: Config
  readonly warnings: readonly string[]
}

/** Reads the configuration: built-in < user < repository; what an untrusted repository says is taken as far as it is harmless. */
export async function loadConfig({ file, repositoryFile, trusted }: ConfigSources): Promise<Loaded> {
  const warnings: string[] = []
  let table = builtIn
  const user = await readOwnConfigFile(file)
  if (user !== null) {
    const written = readTable(user, table)
    table = applied(table, user, written)
    warnings.push(...notSupported(user, written))
  }
  const repository = repositoryFile === null ? null : await readConfigFile(repositoryFile)
  if (repository === null) return { config: configOf(table), warnings }
  const written = readTable(repository, table)
  const allowed = trusted(repository.hash) ? written : withoutCommands(written, table)
  if (!isWhole(allowed, written))
    warnings.push(
      `${repository.file} is not trusted; its commands were left out. ${hints.KAGE_CONFIG_UNTRUSTED}`,
    )
  warnings.push(...notSupported(repository, written))
  return { config: configOf(applied(table, repository, allowed)), warnings }
}

function applied(lower: ConfigTable, source: ConfigFile, table: ConfigTable): ConfigTable {
  const merged = overlay(lower, table)
  const known = Object.keys(merged.agents ?? {})
  const unknown = table.default_agents?.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw problemAt(
      source,
      ['default_agents'],
      `names "${unknown}", which is not configured`,
      `Define [agents.${unknown}]; the nearest one is "${nearest(unknown, known)}".`,
    )
  }
  return merged
}

function readTable(source: ConfigFile, lower: ConfigTable): ConfigTable {
  return checkTable(source, withKinds(parsed(source), lower))
}

function parsed({ file, text }: ConfigFile): Record<string, unknown> {
  try {
    return parse(text)
  } catch (thrown) {
    if (!(thrown instanceof TomlError)) throw thrown
    const what = thrown.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? 'not TOML'
    throw new KageError('KAGE_CONFIG', `${file}:${thrown.line}:${thrown.column}: ${what}.`)
  }
}

/** An agent that a lower layer defines already need not say its kind again. */
function withKinds(table: Record<string, unknown>, lower: ConfigTable): Record<string, unknown> {
  const agents = table['agents']
  if (!isTable(agents)) return table
  const entries = Object.entries(agents).map(([name, agent]) => {
    const kind = Object.hasOwn(lower.agents ?? {}, name) ? lower.agents?.[name]?.kind : undefined
    return [name, isTable(agent) && kind !== undefined ? { kind, ...agent } : agent] as const
  })
  return { ...table, agents: Object.fromEntries(entries) }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
