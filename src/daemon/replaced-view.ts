import type { Decision } from '../core/merge/change.ts'
import { pathToWire } from '../core/merge/path.ts'
import { replacedIn } from '../core/merge/replaced.ts'
import type { ReplacedView } from '../core/protocol/replaced-view.ts'
import type { NumberedRegion } from './reviews.ts'

/** Landed decisions that a landing takes out, for the outside; `regions` are those that they lie in. */
export function replacedViews(gone: readonly Decision[], regions: readonly NumberedRegion[]): ReplacedView[] {
  return replacedIn(gone, regions).map(({ path, ...replaced }) => ({ ...replaced, ...pathToWire(path) }))
}
