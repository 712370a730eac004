import { agentKinds } from '../agent/kind.ts'
import type { AgentPlan } from '../agent/plan.ts'
import type { SpawnRequest } from './spawn.ts'

/** One warning for each limit that does not hold some of a run's agents, since nobody knows what they spend. */
export function limitsWithoutHold(
  { maxTurns, budgetUsd }: Pick<SpawnRequest, 'maxTurns' | 'budgetUsd'>,
  agents: readonly Pick<AgentPlan, 'name' | 'kind' | 'model'>[],
): string[] {
  const programs = namesOf(agents.filter(({ kind }) => !agentKinds[kind].budgetHeld))
  const unpriced = agents.filter(({ model }) => model && model.limits.usd !== null && model.price === null)
  const names = new Set(unpriced.map(({ model }) => model?.provider))
  const tables = [...names].map((name) => `[providers.${name}]`).join(' and ')
  const warnings: string[] = []
  if (maxTurns !== null && programs !== '')
    warnings.push(`--max-turns has no hold on ${programs}: what a program of kind "command" does is unknown.`)
  if (budgetUsd !== null && programs !== '')
    warnings.push(`--budget has no hold on ${programs}: what a program of kind "command" spends is unknown.`)
  if (unpriced.length > 0)
    warnings.push(
      `The budget has no hold on ${namesOf(unpriced)} unless its endpoint tells what it costs: set price in ${tables}.`,
    )
  return warnings
}

function namesOf(agents: readonly { readonly name: string }[]): string {
  return agents.map(({ name }) => name).join(', ')
}
