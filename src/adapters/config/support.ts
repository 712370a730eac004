import type { ConfigTable } from '../../core/config.ts'
import { keyLines } from './key-line.ts'
import { shown, type Source } from './problem.ts'

/** One warning for each key that is right and that this version does not act on yet. */
export function notSupported(source: Source, table: ConfigTable): string[] {
  const later = [
    ...laterAgents(table),
    ...below(table, 'providers'),
    ...below(table, 'checks'),
    ...below(table, 'worktree'),
  ]
  const limits = Object.keys(table.limits ?? {}).filter((key) => key !== 'agents')
  const paths = [...later, ...limits.map((key) => ['limits', key])]
  if (paths.length === 0) return []
  const lineOf = keyLines(source.text)
  return paths.map((path) => `${source.file}:${lineOf(path)}: ${shown(path)} is not supported yet.`)
}

function laterAgents({ agents = {} }: ConfigTable): string[][] {
  return Object.entries(agents)
    .filter(([, agent]) => agent.kind !== 'command')
    .map(([name]) => ['agents', name])
}

function below(table: ConfigTable, key: 'providers' | 'checks' | 'worktree'): string[][] {
  return Object.keys(table[key] ?? {}).map((name) => [key, name])
}
