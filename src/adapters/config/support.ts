import type { ConfigTable } from '../../core/config.ts'
import { keyLines } from './key-line.ts'
import { shown, type Source } from './problem.ts'

/** One warning for each key that is right and that this version does not act on yet. */
export function notSupported(source: Source, table: ConfigTable): string[] {
  const later = [
    ...laterAgents(table),
    ...laterParts(table),
    ...below(table, 'checks'),
    ...below(table, 'worktree'),
  ]
  const limits = Object.keys(table.limits ?? {}).filter((key) => key === 'day_usd')
  const paths = [...later, ...limits.map((key) => ['limits', key])]
  if (paths.length === 0) return []
  const lineOf = keyLines(source.text)
  return paths.map((path) => `${source.file}:${lineOf(path)}: ${shown(path)} is not supported yet.`)
}

function laterAgents({ agents = {} }: ConfigTable): string[][] {
  return Object.entries(agents)
    .filter(([, agent]) => agent.kind === 'cli' || agent.kind === 'acp')
    .map(([name]) => ['agents', name])
}

function laterParts({ agents = {}, providers = {} }: ConfigTable): string[][] {
  const fallbacks = Object.entries(agents).filter(([, agent]) => agent.fallback !== undefined)
  const rates = Object.entries(providers).filter(([, provider]) => provider.rate !== undefined)
  return [
    ...fallbacks.map(([name]) => ['agents', name, 'fallback']),
    ...rates.map(([name]) => ['providers', name, 'rate']),
  ]
}

function below(table: ConfigTable, key: 'checks' | 'worktree'): string[][] {
  return Object.keys(table[key] ?? {}).map((name) => [key, name])
}
