import { KageError } from '../../../core/error.ts'
import type { TreePath } from '../../../core/merge/change.ts'
import { branchState, isBuiltOn } from './branch-step.ts'
import { freshIndex } from './fresh-index.ts'
import { readJournal } from './journal.ts'
import type { Journal } from './journal.ts'
import type { LandingPlan } from './landing-plan.ts'
import { cleanUp } from './carry-out.ts'
import { carryBack, performLanding } from './perform.ts'
import { stepStates } from './work-step.ts'

/** How a plan that was broken off ended: carried out, taken back, or taken back but for what someone has changed since. */
export type Recovered = 'landed' | 'restored' | { readonly foreign: readonly TreePath[] }

/** Takes a plan up again after a crash at any moment: forward if all it touches stands as before or after, else back, so that nothing of the person's is lost. */
export async function recoverLanding(plan: LandingPlan): Promise<Recovered> {
  const { contents } = await readJournal(plan.own, plan.journal)
  cleanUp(plan)
  const states = stepStates(plan.repository.root, plan.steps, plan.fileMode)
  const foreign = plan.steps.filter((_, at) => states[at] === 'foreign').map((step) => step.path)
  const branch = await branchState(plan)
  // Work that was built on what landed: it has landed.
  const isDone = states.every((state) => state === 'new')
  if (branch === 'foreign' && isDone && (states.length > 0 || (await isBuiltOn(plan)))) return 'landed'
  const { index } = await freshIndex({ plan, contents })
  if (foreign.length === 0 && branch !== 'foreign' && index !== 'foreign')
    return await forward({ plan, contents })
  await carryBack({ plan, contents })
  return foreign.length === 0 ? 'restored' : { foreign }
}

async function forward(journal: Journal): Promise<Recovered> {
  try {
    await performLanding(journal.plan)
    return 'landed'
  } catch (error) {
    await carryBack(journal)
    if (error instanceof KageError) return 'restored'
    throw error
  }
}
