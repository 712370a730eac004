import { branchState, requireNowhereCheckedOut, requireStillCurrent } from './branch-step.ts'
import { changedRefused } from './changed-refused.ts'
import { freshIndex } from './fresh-index.ts'
import { readJournal, writeJournal } from './journal.ts'
import type { LandingPlan } from './landing-plan.ts'
import { performLanding } from './perform.ts'
import type { PerformOptions } from './perform.ts'
import { recoverLanding } from './recover.ts'
import type { Recovered } from './recover.ts'
import { reversed } from './reversed.ts'
import { withTemporaries } from './temporary-path.ts'
import { stepStates } from './work-step.ts'

/** Plans to take back exactly what a landing wrote; refuses with KAGE_TARGET_OCCUPIED when its branch is checked out since, with KAGE_TARGET_MOVED when HEAD has left it, and with KAGE_UNDO_CHANGED, naming them, when paths, branch or index entries of it were changed since. */
export async function planUndo(landing: LandingPlan): Promise<LandingPlan> {
  const { contents } = await readJournal(landing.own, landing.journal)
  await requireNowhereCheckedOut(landing)
  await requireStillCurrent(landing)
  const { root } = landing.repository
  const id = `${landing.id}-undo`
  const taken = reversed(landing)
  const steps = withTemporaries(root, id, taken.steps, taken)
  const back: LandingPlan = { ...taken, id, kind: 'undo', journal: id, commit: null, steps }
  const states = stepStates(root, back.steps, back.fileMode)
  const changed = back.steps.filter((_, at) => states[at] === 'foreign').map((step) => step.path)
  const fresh = await freshIndex({ plan: back, contents })
  if ((await branchState(back)) === 'foreign') changed.push(back.branch?.ref ?? '')
  if (fresh.index === 'foreign') changed.push('the index')
  if (changed.length > 0) throw changedRefused(back, changed)
  await writeJournal(fresh)
  return fresh.plan
}

/** Carries an undo out, whole or not at all. */
export async function performUndo(plan: LandingPlan, options: PerformOptions = {}): Promise<void> {
  await performLanding(plan, options)
}

/** Takes an undo up again after a crash: `landed` means undone, `restored` that the landing stands as it was. */
export async function recoverUndo(plan: LandingPlan): Promise<Recovered> {
  return await recoverLanding(plan)
}
