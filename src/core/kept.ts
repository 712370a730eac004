// Where the person looked at what the agents made and keeps the base, nothing is decided that could land; that they are
// through with such a region is kept by its key.
import type { State } from './state.ts'

/** Regions, by their keys, where the base is kept from now on, and where not any more. */
export interface Keeping {
  readonly kept: readonly string[]
  readonly unkept: readonly string[]
}

/** The regions of a run where the person keeps the base of a target, by their keys. */
export function keptOf(state: State, run: string, target: string): readonly string[] {
  return state.runs[run]?.kept[target] ?? []
}

/** What a change makes of the regions that are kept. */
export function joinKept(before: readonly string[], { kept, unkept }: Partial<Keeping>): string[] {
  const after = new Set(before)
  for (const key of unkept ?? []) after.delete(key)
  for (const key of kept ?? []) after.add(key)
  return [...after]
}

/** What changes from some kept regions to others. */
export function keepingChange(before: readonly string[], after: readonly string[]): Keeping {
  const [old, now] = [new Set(before), new Set(after)]
  return { kept: after.filter((key) => !old.has(key)), unkept: before.filter((key) => !now.has(key)) }
}
