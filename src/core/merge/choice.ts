import { fault } from '../error.ts'
import type { Fault } from '../error.ts'
import type { ByteString, Decision, Entry } from './change.ts'
import { showPath } from './path-name.ts'
import type { RegionView, VariantView } from './region-view.ts'
import { joinTextVariants, takeText, takeTextVariant } from './text-choice.ts'
import { joinUnitVariants, takeUnitText, takeUnitVariant } from './unit-choice.ts'
import { variantOf } from './variant-name.ts'

/** What a person chose for a region: a CHOICE in words, or a text of their own. */
export type Choice = string | { readonly edited: ByteString }

/** What choosing needs beside the region: its id, so that another region's variants are refused, and a reader. */
export interface ChoiceContext {
  readonly id?: string
  readonly read: (entry: Entry) => ByteString
}

/** What taking the variants of one kind of region decides. */
interface Taking<V extends VariantView> {
  readonly one: (variant: V) => Decision[]
  readonly two: (first: V, second: V) => Decision[] | Fault
  readonly edited: (text: ByteString) => Decision[] | Fault
}

/** What a choice decides in a region (nothing, where that is the base), or why it cannot be chosen. */
export function choose(region: RegionView, choice: Choice, context: ChoiceContext): Decision[] | Fault {
  if (region.kind === 'text') {
    return chooseBy(region, choice, context.id, {
      one: (variant) => takeTextVariant(region, variant),
      two: (first, second) => joinTextVariants(region, first, second),
      edited: (text) => takeText(region, text),
    })
  }
  return chooseBy(region, choice, context.id, {
    one: (variant) => takeUnitVariant(region, variant),
    two: (first, second) => joinUnitVariants(region, first, second, context.read),
    edited: (text) => takeUnitText(region, text),
  })
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
): Decision[] | Fault {
  if (typeof choice !== 'string') return taking.edited(choice.edited)
  if (choice === 'base') return []
  const single = variantOf(region, choice, id)
  if (single !== null) return taking.one(single)
  for (const [left, right] of pairsOf(choice)) {
    const [first, second] = [variantOf(region, left, id), variantOf(region, right, id)]
    if (first === null || second === null) continue
    return first === second ? taking.one(first) : taking.two(first, second)
  }
  return unknownChoice(region, choice)
}

/** Every way to read a choice as two names joined by `+`, because a branch that is compared may hold one itself. */
function pairsOf(choice: string): [left: string, right: string][] {
  const parts = choice.split('+')
  return parts
    .slice(1)
    .map((_, index) => [parts.slice(0, index + 1).join('+'), parts.slice(index + 1).join('+')])
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
