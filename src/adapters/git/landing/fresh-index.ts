import { join } from 'node:path'
import type { TreePath } from '../../../core/merge/change.ts'
import { indexState } from './index-lock.ts'
import { hasEntries, indexStep } from './index-step.ts'
import type { Journal } from './journal.ts'
import type { LandingPlan } from './landing-plan.ts'
import type { TreeChange } from '../diff/tree-changes.ts'
import { reversedChanges } from './reversed.ts'
import type { StepState } from './work-step.ts'

export interface FreshJournal extends Journal {
  /** How the index stands for this plan. */
  readonly index: StepState
}

/** A plan that knows the index as it is now: git rewrites it when it merely looks, and other paths may have been staged since. */
export async function freshIndex(journal: Journal): Promise<FreshJournal> {
  const { plan, contents } = journal
  const state = indexState(plan)
  if (plan.index === null || state !== 'foreign') return { ...journal, index: state }
  const { repository, own } = plan
  const index = join(repository.gitDir, 'index')
  if (await hasEntries(repository, index, plan.index.entries)) return { ...journal, index: 'new' }
  if (!(await hasEntries(repository, index, reversedChanges(plan.index.entries))))
    return { ...journal, index: 'foreign' }
  const fresh = await indexStep(own, repository, plan.index.entries, leftOut(plan, plan.index.entries))
  return {
    plan: { ...plan, index: fresh.step },
    contents: new Map([...contents, ...fresh.contents]),
    index: 'old',
  }
}

/** What a sparse checkout left out and a landing brought back: an undo takes its file away and keeps its entry. */
function leftOut({ steps }: LandingPlan, entries: readonly TreeChange[]): TreePath[] {
  const gone = new Set(steps.filter((step) => step.new === null).map(({ path }) => path))
  return entries.filter(({ path, new: entry }) => entry !== null && gone.has(path)).map(({ path }) => path)
}
