import type { Resolution } from './merge/conflict.ts'
import { limit } from './limit.ts'
import type { State } from './state.ts'

/** What the person said once to a conflict, by the key of its three sides: offered where they meet again, never applied unasked. */
export interface Remembered {
  readonly key: string
  readonly resolution: Resolution
}

/** What was said last to a conflict with these sides in a repository, or null. */
export function rememberedFor(state: State, repository: string, key: string): Resolution | null {
  return state.resolutions[repository]?.find((each) => each.key === key)?.resolution ?? null
}

/** What is worth keeping of what was said: a very long text is not. */
export function worthRemembering(said: readonly Remembered[]): Remembered[] {
  return said.filter(({ resolution }) => lengthOf(resolution) <= limit.resolutionCharacters)
}

/** The resolutions of a repository after further ones, the oldest forgotten. */
export function remembering(
  before: readonly Remembered[] | undefined,
  said: readonly Remembered[],
): readonly Remembered[] {
  const fresh = new Map(said.map((each) => [each.key, each]))
  const kept = (before ?? []).filter(({ key }) => !fresh.has(key))
  return [...kept, ...fresh.values()].slice(-limit.resolutionsKept)
}

function lengthOf(resolution: Resolution): number {
  return resolution.choice === 'edited' ? resolution.text.length : 0
}
