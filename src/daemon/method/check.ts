import type { Check } from '../../core/check.ts'
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
export async function check(parts: Parts, params: PersonParams['check']): Promise<Results['check']> {
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
  const { tree } = params
  const made = await parts.checks.check({
    run: run.id,
    own,
    settings,
    root,
    tree,
    checks,
    worktree: config.worktree,
    env: listed(params.environment),
  })
  const results = made.map((result) => ({ ...result, output: parts.secrets.redact(result.output) }))
  const isWhole = results.length === checks.length || results.some(({ name }) => name.startsWith('setup '))
  if (isWhole) {
    const data = { repository: repository.key, tree, results }
    await parts.kernel.append([draft('result.checked', run.id, null, data)])
  }
  return { tree, results, stopped: !isWhole, warnings }
}

/** Calls off the checks of a run's results. */
export async function stopChecks(
  parts: Parts,
  params: PersonParams['stopChecks'],
): Promise<Results['stopChecks']> {
  const { run } = await reviewPlace(parts, params)
  await parts.checks.stop(run.id)
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
