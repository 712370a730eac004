import { fault } from '../error.ts'
import type { Fault } from '../error.ts'
import type { Atom, AtomDecision, ByteString, Decision, Entry, UnitDecision } from './change.ts'
import type { ChoiceContext } from './choice.ts'
import { pickLines, pickedLines } from './line-pick.ts'
import type { LineRange } from './line-pick.ts'
import { joinTexts, splitLines } from './lines.ts'
import { showPath } from './path-name.ts'
import type { RegionView, TextRegion, UnitRegion, UnitVariant, VariantView } from './region-view.ts'
import { decideAtoms } from './text-choice.ts'
import { isAddedFile, writeFile } from './unit-choice.ts'
import { variantOf } from './variant-name.ts'

/** Lines of a variant, counted from 1, both included; the variant by agent, letter or id. */
export interface LineChoice extends LineRange {
  readonly variant: string
}

/** A variant with all ranges that are picked of it. */
interface VariantLines<V> {
  readonly variant: V
  readonly ranges: LineRange[]
}

/**
 * What taking only some lines decides: parts of a text's changes, or some lines of a new file. Picks of several
 * variants at one point of insertion stand one after the other, in the order in which the variants are named.
 */
export function chooseLines(
  region: RegionView,
  choices: readonly LineChoice[],
  context: ChoiceContext,
): Decision[] | Fault {
  if (region.kind === 'text') {
    const picks = linesByVariant(region, choices, context.id)
    return Array.isArray(picks) ? linesOfText(region, picks) : picks
  }
  const picks = linesByVariant(region, choices, context.id)
  return Array.isArray(picks) ? linesOfFiles(region, picks, context.read) : picks
}

function linesByVariant<V extends VariantView>(
  region: RegionView & { readonly variants: readonly V[] },
  choices: readonly LineChoice[],
  id: string | undefined,
): VariantLines<V>[] | Fault {
  const picks = new Map<V, VariantLines<V>>()
  for (const { variant: name, first, last } of choices) {
    const variant = variantOf(region, name, id)
    if (variant === null) {
      const message = `"${showPath(name)}" is no variant in this region of ${showPath(region.path)}.`
      return fault('KAGE_CHOICE_INVALID', message, 'Name a variant and its lines, like g1.a:1-3.')
    }
    const pick = picks.get(variant) ?? { variant, ranges: [] }
    pick.ranges.push({ first, last })
    picks.set(variant, pick)
  }
  return [...picks.values()]
}

function linesOfText(
  region: TextRegion,
  picks: readonly VariantLines<TextRegion['variants'][number]>[],
): Decision[] | Fault {
  const decisions: AtomDecision[] = []
  for (const { variant, ranges } of picks) {
    const atoms = pickLines(region, variant, ranges)
    if (!Array.isArray(atoms)) return atoms
    for (const pick of decideAtoms(region, atoms, variant.agents)) addPick(decisions, pick)
  }
  return decisions
}

/** Adds a pick; an insertion where another stands already is written behind it. */
function addPick(decisions: AtomDecision[], pick: AtomDecision): void {
  const { atom } = pick
  const at = decisions.findIndex((decision) => isInsertionAt(decision.atom, atom.start))
  const earlier = decisions[at]
  if (earlier === undefined || !isInsertionAt(atom, atom.start)) {
    decisions.push(pick)
  } else if (earlier.atom.text !== atom.text) {
    const joined = { ...atom, text: joinTexts([earlier.atom.text, atom.text]) }
    decisions[at] = { ...pick, atom: joined, source: [...earlier.source, ...pick.source] }
  }
}

function isInsertionAt(atom: Atom, line: number): boolean {
  return atom.start === line && atom.end === line
}

function linesOfFiles(
  region: UnitRegion,
  picks: readonly VariantLines<UnitVariant>[],
  read: (entry: Entry) => ByteString,
): UnitDecision[] | Fault {
  const added = picks.map(({ variant }) => variant).filter(isAddedFile)
  const [first] = added
  if (first === undefined || added.length < picks.length) {
    const message = `${showPath(region.path)} (${region.kind}) is taken or left whole, not by line.`
    return fault('KAGE_CHOICE_INVALID', message, 'Choose base, or one of its variants.')
  }
  const texts: ByteString[] = []
  for (const [index, { entry }] of added.entries()) {
    const lines = splitLines(read(entry))
    const picked = pickedLines(region.path, lines.length, picks[index]?.ranges ?? [])
    if (!Array.isArray(picked)) return picked
    texts.push(lines.filter((_, line) => picked[line]).join(''))
  }
  return [
    writeFile(
      region,
      first,
      joinTexts(texts),
      added.flatMap(({ agents }) => agents),
    ),
  ]
}
