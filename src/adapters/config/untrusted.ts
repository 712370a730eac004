import type { ConfigTable, LimitsTable } from '../../core/config/table.ts'

/**
 * What may be taken from a repository's file before the person trusts it: nothing that runs a command, reads a file or
 * the environment, names an endpoint or spends more. A choice of agents counts only among those already configured.
 */
export function withoutCommands(table: ConfigTable, lower: ConfigTable): ConfigTable {
  const known = Object.keys(lower.agents ?? {})
  const agents = table.default_agents?.every((name) => known.includes(name))
    ? table.default_agents
    : undefined
  const limits = lowered(table.limits ?? {}, lower.limits ?? {})
  return {
    ...(agents === undefined ? {} : { default_agents: agents }),
    ...(table.branch_prefix === undefined ? {} : { branch_prefix: table.branch_prefix }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  }
}

/** Whether nothing was left out. */
export function isWhole(allowed: ConfigTable, written: ConfigTable): boolean {
  const sizes = (table: ConfigTable): number =>
    Object.keys(table).length + Object.keys(table.limits ?? {}).length
  return sizes(allowed) === sizes(written)
}

function lowered(limits: LimitsTable, lower: LimitsTable): LimitsTable {
  const least = Object.entries(limits).filter(
    ([key, value]) => value <= (lower[key as keyof LimitsTable] ?? Infinity),
  )
  return Object.fromEntries(least)
}
