import { KageError } from '../../../core/error.ts'
import type { LandingPlan } from './landing-plan.ts'
import { namesShown } from './names-shown.ts'

/** The refusal for what was changed since a plan was made. */
export function changedRefused(plan: Pick<LandingPlan, 'kind'>, names: readonly string[]): KageError {
  const code = plan.kind === 'undo' ? 'KAGE_UNDO_CHANGED' : 'KAGE_TARGET_MOVED'
  return new KageError(code, `Changed since: ${namesShown(names)}.`)
}
