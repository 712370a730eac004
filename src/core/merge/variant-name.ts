import type { VariantView } from './region-view.ts'

/**
 * The variant that a name stands for: an agent's name, a letter (`b`), or a variant's id (`g1.b`, of this region only
 * where its id is given). An agent that changed nothing here has none, even if it is named like a letter.
 */
export function variantOf<V extends VariantView>(
  region: { readonly agents: readonly string[]; readonly variants: readonly V[] },
  name: string,
  id?: string,
): V | null {
  const made = region.variants.find((variant) => variant.agents.includes(name))
  if (made !== undefined || region.agents.includes(name)) return made ?? null
  const [, ofRegion, letter] = /^(?:(g\d+)\.)?([a-z]+)$/.exec(name) ?? []
  if (ofRegion !== undefined && id !== undefined && ofRegion !== id) return null
  return region.variants.find((variant) => variant.letter === letter) ?? null
}
