import type { Check, CheckResult } from '../../core/check.ts'
import { type Config, environmentDefault } from '../../core/config.ts'
import { draft } from '../../core/draft.ts'
import { KageError } from '../../core/error.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import { configurationFor } from '../configuration.ts'
import type { Parts } from '../parts.ts'
import { reviewPlace } from '../review-place.ts'

/**
 * Runs the project's checks on a tree that would land, and notes how they ended. They are the person's own commands, from a
 * configuration that they wrote or trust; what they run is the agents' work, and so they get no more of the environment.
 */
export async function check(
  parts: Parts,
  params: PersonParams['check'],
  gone: AbortSignal,
): Promise<Results['check']> {
  const { run, repository } = await reviewPlace(parts, params)
  const { config, warnings } = await configurationFor(parts, repository, params.environment)
  const checks = checksOf(config)
  if (checks.length === 0)
    throw new KageError('KAGE_CHECK_MISSING', 'No checks are configured for this repository.')
  const [own, settings] = await Promise.all([
    parts.repositories.own(repository),
    parts.repositories.settings(repository),
  ])
  const { root } = repository
  const { tree, asker } = params
  const without = (made: readonly CheckResult[]): CheckResult[] =>
    made.map((result) => ({ ...result, output: parts.secrets.redact(result.output) }))
  const note = (made: readonly CheckResult[], left: readonly string[]): Promise<unknown> => {
    const data = { repository: repository.key, tree, results: without(made), left }
    return parts.kernel.append([draft('result.checked', run.id, null, data)])
  }
  const leave = (): void => parts.checks.leave(asker)
  gone.addEventListener('abort', leave)
  try {
    const wish = { run: run.id, own, settings, root, tree, checks, worktree: config.worktree, note }
    const env = listed(params.environment)
    const checking = parts.checks.check({ ...wish, env }, asker)
    if (gone.aborted) leave()
    const { results, stopped } = await checking
    return { tree, results: without(results), stopped, warnings }
  } finally {
    gone.removeEventListener('abort', leave)
  }
}

/** Calls off the checks of a run's results, or lets go of those that one client has asked for. */
export async function stopChecks(
  parts: Parts,
  params: PersonParams['stopChecks'],
): Promise<Results['stopChecks']> {
  const { run } = await reviewPlace(parts, params)
  if (params.asker === undefined) await parts.checks.stop(run.id)
  else parts.checks.leave(params.asker)
  return {}
}

function checksOf({ checks }: Config): Check[] {
  return Object.entries(checks).map(([name, each]) => ({ name, ...each }))
}

function listed(environment: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = environmentDefault.flatMap((name): [string, string][] => {
    const value = environment[name]
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(pairs)
}
