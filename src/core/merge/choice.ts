import { fault } from '../error.ts'
import type { Fault } from '../error.ts'
import { limit } from '../limit.ts'
import type { ByteString, Decision, Entry } from './change.ts'
import { showPath } from './path-name.ts'
import type { RegionView, VariantView } from './region-view.ts'
import { type JoinFault, joinTextVariants } from './join.ts'
import { takeText, takeTextVariant } from './text-choice.ts'
import { joinUnitVariants, takeUnitText, takeUnitVariant } from './unit-choice.ts'
import { variantOf } from './variant-name.ts'

/** What a person chose for a region: a CHOICE in words, or a text of their own. */
export type Choice = string | { readonly edited: ByteString }

/** What choosing needs beside the region: its id, so that another region's variants are refused, and a reader. */
export interface ChoiceContext {
  readonly id?: string
  readonly read: (entry: Entry) => ByteString
}

/** Why something cannot be chosen; with `join`, which variants do not go together. */
export type Refused = Fault | JoinFault

/** What taking the variants of one kind of region decides. */
interface Taking<V extends VariantView> {
  readonly one: (variant: V) => Decision[]
  readonly several: (variants: readonly V[]) => Decision[] | Refused
  readonly edited: (text: ByteString) => Decision[] | Fault
}

/** What a choice decides in a region (nothing, where that is the base), or why it cannot be chosen. */
export function choose(region: RegionView, choice: Choice, context: ChoiceContext): Decision[] | Refused {
  if (region.kind === 'text') {
    return chooseBy(region, choice, context.id, {
      one: (variant) => takeTextVariant(region, variant),
      several: (variants) => joinTextVariants(region, variants),
      edited: (text) => takeText(region, text),
    })
  }
  return chooseBy(region, choice, context.id, {
    one: (variant) => takeUnitVariant(region, variant),
    several: (variants) => joinUnitVariants(region, variants, context.read),
    edited: (text) => takeUnitText(region, text),
  })
}

/** Whether a choice also replaces what has landed in its region and what it does not overlap. */
export function replacesLanded(region: RegionView, choice: Choice): boolean {
  if (typeof choice !== 'string') return true
  return choice === 'base' || withoutOnly(region, choice) !== choice
}

/** What taking the variant of that letter decides, whatever agents are called; nothing where there is none. */
export function takeLetter(region: RegionView, letter: string): Decision[] {
  if (region.kind === 'text') {
    const variant = region.variants.find((each) => each.letter === letter)
    return variant === undefined ? [] : takeTextVariant(region, variant)
  }
  const variant = region.variants.find((each) => each.letter === letter)
  return variant === undefined ? [] : takeUnitVariant(region, variant)
}

function chooseBy<V extends VariantView>(
  region: RegionView & { readonly variants: readonly V[] },
  choice: Choice,
  id: string | undefined,
  taking: Taking<V>,
): Decision[] | Refused {
  if (typeof choice !== 'string') return taking.edited(choice.edited)
  const words = withoutOnly(region, choice)
  if (words === 'base') return []
  const variants = variantsOf(region, words.split('+'), id)
  if (variants === null) return unknownChoice(region, choice)
  const [first, ...others] = new Set(variants)
  if (first === undefined) return []
  return others.length === 0 ? taking.one(first) : taking.several([first, ...others])
}

const only = 'only:'

/** A choice without the word that it replaces what has landed, too. */
function withoutOnly({ agents }: RegionView, choice: string): string {
  return choice.startsWith(only) && !agents.includes(choice) ? choice.slice(only.length) : choice
}

/** The variants of names joined by `+`; a name may hold a `+` itself, as a branch that is compared may. */
function variantsOf<V extends VariantView>(
  region: RegionView & { readonly variants: readonly V[] },
  parts: readonly string[],
  id: string | undefined,
): V[] | null {
  if (parts.length > limit.choiceParts) return null
  // The variants of all parts from each place on, found from the end: a place is read once.
  const found: (V[] | null)[] = Array.from({ length: parts.length }, () => null)
  const from = (at: number): V[] | null => (at === parts.length ? [] : (found[at] ?? null))
  for (let start = parts.length - 1; start >= 0; start -= 1) {
    for (let end = start + 1; end <= parts.length && found[start] === null; end += 1) {
      const rest = from(end)
      const variant = rest === null ? null : variantOf(region, parts.slice(start, end).join('+'), id)
      if (rest !== null && variant !== null) found[start] = [variant, ...rest]
    }
  }
  return from(0)
}

function unknownChoice(region: RegionView, choice: string): Fault {
  const path = showPath(region.path)
  if (region.agents.includes(choice)) {
    const message = `${showPath(choice)} changed nothing in this region of ${path}.`
    return fault('KAGE_CHOICE_INVALID', message, 'Choose base to keep it as it is.')
  }
  const offers = region.variants.map(({ letter, agents }) => `${letter} (${agents.map(showPath).join(', ')})`)
  const message = `"${showPath(choice)}" is no choice in this region of ${path}; it has ${['base', ...offers].join(', ')}.`
  return fault('KAGE_CHOICE_INVALID', message)
}
