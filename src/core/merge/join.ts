// Variants of a text are joined by their atoms. With the base `1 2 3` and the variants `one 2 3` and `1 2 3 4`
//   equal atoms count once; atoms that do not overlap are all taken: `one 2 3 4`
//   insertions at one place stand one after the other, in the order in which the variants are named
//   two atoms that make something else of the same base line do not go together: that is a conflict of kind `join`
import { type Fault, fault } from '../error.ts'
import { isSameAtom, overlapIn, sortAtoms } from './atom.ts'
import type { Atom, AtomDecision, ByteString } from './change.ts'
import { linesInWords } from './line-words.ts'
import { joinTexts } from './lines.ts'
import { showPath } from './path-name.ts'
import type { TextRegion, TextVariant } from './region-view.ts'
import { decideAtoms } from './text-choice.ts'

/** Two variants that make something else of the same base lines, from which no text follows. */
export interface JoinConflict {
  readonly region: TextRegion
  readonly sides: readonly [JoinSide, JoinSide]
}

export interface JoinSide {
  readonly variant: TextVariant
  readonly atom: Atom
}

/** Why variants cannot be joined. */
export interface JoinFault extends Fault {
  readonly join: JoinConflict
}

/** An atom, the atoms of variants that it joins, and the variants that have them. */
interface Part {
  readonly atom: Atom
  readonly joined: readonly Atom[]
  readonly variants: readonly TextVariant[]
}

/** What taking several variants together decides, or which two of them do not go together. */
export function joinTextVariants(
  region: TextRegion,
  variants: readonly TextVariant[],
): AtomDecision[] | JoinFault {
  const parts: Part[] = []
  for (const variant of variants) {
    for (const atom of variant.atoms)
      addPart(parts, { atom, joined: [atom], variants: [variant] }, region.baseText)
  }
  for (const [at, part] of parts.entries()) {
    const other = parts.slice(0, at).find((each) => overlapIn(sortAtoms([each.atom, part.atom])) !== null)
    if (other !== undefined) return joinFault(region, other, part)
  }
  return parts.flatMap(({ atom, variants: makers }) => {
    return decideAtoms(region, [atom], [...new Set(makers.flatMap(({ agents }) => agents))])
  })
}

/** Adds an atom: not twice, and an insertion behind what is inserted at its place already. */
function addPart(parts: Part[], part: Part, model: ByteString): void {
  const { atom } = part
  const same = parts.findIndex((each) => isSameAtom(each.atom, atom) || bothInsert(each.atom, atom))
  const known = parts[same]
  if (known === undefined) {
    parts.push(part)
    return
  }
  const variants = [...known.variants, ...part.variants]
  if (known.joined.some((each) => isSameAtom(each, atom))) {
    parts[same] = { ...known, variants }
    return
  }
  const text = joinTexts([known.atom.text, atom.text], model)
  parts[same] = { atom: { ...atom, text }, joined: [...known.joined, atom], variants }
}

function bothInsert(left: Atom, right: Atom): boolean {
  return left.start === right.start && left.end === left.start && right.end === right.start
}

function joinFault(region: TextRegion, left: Part, right: Part): JoinFault {
  const sides = [sideOf(left), sideOf(right)] as const
  const names = sides.map(({ variant }) => showPath(variant.agents[0] ?? variant.letter))
  const range = {
    start: Math.max(left.atom.start, right.atom.start),
    end: Math.min(left.atom.end, right.atom.end),
  }
  const message = `${names.join(' and ')} do not join in ${showPath(region.path)}: each changes ${linesInWords(range)} in its own way.`
  const hint = 'Take one of them, or give the text yourself (edit it, or REGION=@FILE). Nothing was changed.'
  return { ...fault('KAGE_CONFLICT', message, hint), join: { region, sides } }
}

function sideOf({ atom, variants }: Part): JoinSide {
  const variant = variants.at(-1)
  if (variant === undefined) throw new Error('an atom has no variant')
  return { variant, atom }
}
