import type { ConfigTable } from '../../core/config.ts'
import { keyLines } from './key-line.ts'
import { shown, type Source } from './problem.ts'

/** One warning for each key that is right and that this version does not act on yet. */
export function notSupported(source: Source, table: ConfigTable): string[] {
  const later = [
    ...laterAgents(table),
    ...laterParts(table),
    ...laterReports(table),
    ...Object.keys(table.worktree ?? {}).map((name) => ['worktree', name]),
  ]
  const limits = Object.keys(table.limits ?? {}).filter((key) => key === 'day_usd')
  const paths = [...later, ...limits.map((key) => ['limits', key])]
  if (paths.length === 0) return []
  const lineOf = keyLines(source.text)
  return paths.map((path) => {
    const says = path[0] === 'worktree' ? 'counts only where checks run so far' : 'is not supported yet'
    return `${source.file}:${lineOf(path)}: ${shown(path)} ${says}.`
  })
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

function laterReports({ checks = {} }: ConfigTable): string[][] {
  const reports = Object.entries(checks).filter(([, check]) => check.report !== undefined)
  return reports.map(([name]) => ['checks', name, 'report'])
}
