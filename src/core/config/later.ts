import { isRunKind } from '../agent/kind.ts'
import { matchesPattern } from './schema.ts'
import type { ConfigTable } from './table.ts'

/** Documented keys that no part of this version acts on; "*" stands for any key. */
const later: readonly string[] = [
  'agents.*.fallback',
  'agents.*.driver',
  'agents.*.mode',
  'agents.*.gateway',
  'agents.*.follow_up',
  'providers.*.keys',
  'providers.*.rate',
  'providers.*.slow_s',
  'checks.*.report',
  'checks.*.loop',
  'checking.*',
  'worktree.keep',
  'worktree.submodules',
  'limits.day_usd',
  'sandbox.*',
  'permissions.*',
  'notify.*',
  'landing.*',
  'retention.recordings_days',
  'judge.*',
  'roles.*.agent',
  'record.*',
]

/** The paths of the keys of a file that are right but have no effect in this version. */
export function withoutEffect(table: ConfigTable): readonly (readonly string[])[] {
  return [...agentsNotRun(table), ...pathsIn(table, []).filter(isLater)]
}

function agentsNotRun({ agents = {} }: ConfigTable): string[][] {
  const kinds = Object.entries(agents).filter(([, { kind }]) => !isRunKind(kind))
  return kinds.map(([name]) => ['agents', name])
}

function isLater(path: readonly string[]): boolean {
  return later.some((pattern) => matchesPattern(path, pattern))
}

/** Every path of keys below a table; no pattern is longer than three keys. */
function pathsIn(table: object, above: readonly string[]): string[][] {
  return Object.entries(table).flatMap(([key, value]) => {
    const path = [...above, key]
    const isTable = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isTable && path.length < 3 ? [path, ...pathsIn(value as object, path)] : [path]
  })
}
