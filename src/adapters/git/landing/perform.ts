import { KageError } from '../../../core/error.ts'
import { carryOut, cleanUp, openSteps } from './carry-out.ts'
import { changedRefused } from './changed-refused.ts'
import { readJournal } from './journal.ts'
import type { Journal } from './journal.ts'
import type { LandingPlan } from './landing-plan.ts'
import { reversed } from './reversed.ts'
import { withOtherTemporaries } from './temporary-path.ts'

export interface PerformOptions {
  /** Called with its name before each effect; what it throws undoes those before. */
  readonly fault?: (effect: string) => void | Promise<void>
}

/** Carries a plan out, all or nothing: on any refusal or failure on the way everything is as before. Doing it again changes nothing. */
export async function performLanding(plan: LandingPlan, options: PerformOptions = {}): Promise<void> {
  cleanUp(plan)
  const { contents } = await readJournal(plan.own, plan.journal)
  const open = await openSteps({ plan, contents }, 'refuse')
  try {
    await carryOut(open, 'refuse', async (effect) => options.fault?.(effect))
  } catch (error) {
    await carryBack(open)
    throw expected(plan, error)
  }
}

/** Brings what a plan has changed back to how it was, and leaves alone what is neither. */
export async function carryBack({ plan, contents }: Journal): Promise<void> {
  cleanUp(plan)
  const back = reversed({ ...plan, steps: withOtherTemporaries(plan.steps) })
  await carryOut(await openSteps({ plan: back, contents }, 'skip'), 'skip', async () => {})
}

function expected(plan: LandingPlan, error: unknown): unknown {
  if (error instanceof KageError || !(error instanceof Error) || !('syscall' in error)) return error
  if (
    'code' in error &&
    ['EEXIST', 'EISDIR', 'ENOTDIR', 'ENOTEMPTY', 'ENOENT'].includes(String(error.code))
  ) {
    return changedRefused(plan, [placeOf(plan, error)])
  }
  return new KageError('KAGE_TARGET_UNWRITABLE', `The worktree could not be written: ${error.message}.`)
}

/** Where in the worktree a call of the system failed, as far as it tells. */
function placeOf({ repository }: LandingPlan, error: Error): string {
  const { dest, path } = error as { readonly dest?: string; readonly path?: string }
  const place = dest ?? path ?? error.message
  const root = `${repository.root}/`
  return place.startsWith(root) ? place.slice(root.length) : place
}
