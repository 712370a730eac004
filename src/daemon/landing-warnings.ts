import { changedPaths } from '../adapters/git/diff/changed-paths.ts'
import type { LandingOutcome } from '../adapters/git/landing/landing-plan.ts'
import { mergeDrivers } from '../adapters/git/repository/merge-driver.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import type { Oid, TreePath } from '../core/merge/change.ts'
import { showPath } from '../core/merge/path-name.ts'

/** A planned landing: what had landed before and what is to be there afterwards, as trees, and what comes of it. */
export interface PlannedLanding {
  readonly base: Oid
  readonly composed: Oid
  readonly outcome: LandingOutcome
}

/** What a person should know of attributes that a landing does not follow. */
export async function landingWarnings(
  { own, repository }: { readonly own: Own; readonly repository: Repository },
  { base, composed, outcome }: PlannedLanding,
): Promise<string[]> {
  const merged = await mergedPaths(own, { base, composed, outcome })
  const drivers = merged.length === 0 ? new Map<TreePath, string>() : await mergeDrivers(repository, merged)
  const union = [...drivers].map(
    ([path, driver]) =>
      `${showPath(path)}: git merges this by ${showPath(driver)} (.gitattributes), Kage by its lines: neither attributes nor programs decide what a landing comes to.`,
  )
  const written = outcome.kind === 'plan' ? outcome.plan.steps.map(({ path }) => path) : []
  const attributes = written.filter((path) => /(^|\/)\.gitattributes$/.test(path))
  return [
    ...union,
    ...attributes.map(
      (path) =>
        `${showPath(path)} changes with this landing and is not in force for it: the other files are written by the attributes from before. \`git add --renormalize .\` applies the new ones.`,
    ),
  ]
}

/** The paths that both the target and the decisions changed, or that conflict. */
async function mergedPaths(own: Own, { base, composed, outcome }: PlannedLanding): Promise<TreePath[]> {
  if (outcome.kind === 'conflict') return [...new Set(outcome.conflicts.map(({ path }) => path))]
  const ours = outcome.kind === 'plan' ? outcome.ours : outcome.tree
  if (ours === base || composed === base) return []
  const [mine, theirs] = await Promise.all([ours, composed].map((tree) => changedPaths(own, base, tree)))
  return [...(theirs ?? [])].filter((path) => mine?.has(path) === true)
}
