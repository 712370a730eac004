import type { Atom, Oid } from '../../../core/merge/change.ts'
import { compareTexts, type TextPair } from './compare-texts.ts'
import type { Own } from '../repository/own.ts'
import { pairOf } from './patch.ts'

/** How texts differ, each from its other, compared by some options of diff.ts; null for what is no text or cannot be compared. */
export async function textAtoms(
  own: Own,
  pairs: readonly TextPair[],
  options: readonly string[],
): Promise<(from: Oid, to: Oid) => readonly Atom[] | null> {
  const { texts } = await compareTexts(own, pairs, options)
  return (from, to) => (from === to ? [] : (texts.get(pairOf(from, to)) ?? null))
}
