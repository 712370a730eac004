// Two sides of one text, each as atoms of their base, merge span by span: where one side alone changed lines it has its way,
// where both made the same of them it is taken once, and what is left is a conflict with its three texts. As in git, changes
// that lie side by side are no less a conflict than those that overlap.
import { sortAtoms } from './atom.ts'
import type { Atom, ByteString } from './change.ts'
import { joinTexts, lineTable, sliceLines, splitLines } from './lines.ts'
import type { LineRange, LineTable } from './lines.ts'
import { spansOf } from './span.ts'
import type { Span } from './span.ts'
import { slidDown } from './slide.ts'
import { spliceLines } from './splice.ts'

/** A part of a merged text: lines that both sides agree on, or a conflict. */
export type MergePart = { readonly kind: 'merged'; readonly text: ByteString } | TextConflict

/** Lines that two sides made different things of: what they were, if there was a base, and what each has there now. */
export interface TextConflict {
  readonly kind: 'conflict'
  /** Where it is in ours. */
  readonly lines: LineRange
  /** Where it is in the base; null without one. `base` is what would be there if ours had changed nothing. */
  readonly baseLines: LineRange | null
  readonly base: ByteString | null
  readonly ours: ByteString
  readonly theirs: ByteString
}

/** Merges two sides of a text. */
export function mergeTexts(base: ByteString, ours: readonly Atom[], theirs: readonly Atom[]): MergePart[] {
  const table = lineTable(base)
  const parts = new Parts(base)
  let at = 0
  for (const span of spansOf([sortAtoms(ours), sortAtoms(theirs)])) {
    parts.agree(sliceLines(table, at, span.start))
    mergeSpan(parts, table, span)
    at = span.end
  }
  parts.agree(sliceLines(table, at, table.offsets.length - 1))
  return parts.list
}

/**
 * Merges what was decided of a text, where `before` has landed already: what that changes, `after` against `before`, goes into
 * ours. All are atoms of one base, so that no text has to be compared that is only a part of what was decided.
 */
export function mergeDecided(
  base: ByteString,
  ours: readonly Atom[],
  { before, after }: { readonly before: readonly Atom[]; readonly after: readonly Atom[] },
): MergePart[] {
  const table = lineTable(base)
  const parts = new Parts(base)
  const decided = slidDown(base, [before, after])
  let at = 0
  for (const span of spansOf([sortAtoms(ours), ...decided.map(sortAtoms)])) {
    const { start, end } = span
    parts.agree(sliceLines(table, at, start))
    const [mine, landed, wanted] = [0, 1, 2].map((list) =>
      spliceLines(table, start, end, span.parts.find((part) => part.list === list)?.atoms ?? []),
    ) as [ByteString, ByteString, ByteString]
    if (wanted === landed || wanted === mine) parts.agree(mine)
    else if (mine === landed) parts.agree(wanted, mine)
    else parts.clash({ base: landed, baseLines: [start, end], ours: mine, theirs: wanted })
    at = end
  }
  parts.agree(sliceLines(table, at, table.offsets.length - 1))
  return parts.list
}

/** What is decided of a text, and what the target had before any of it landed and has now. */
export interface LandedText {
  readonly first: readonly Atom[]
  readonly landed: readonly Atom[]
  readonly after: readonly Atom[]
  readonly ours: ByteString
}

/**
 * Merges all that is decided of a text at once, with the target as it was before any of it landed, as git merges the whole. Null
 * where that conflicts, and where the target is not just that with what has landed: nothing of the person's is lost or comes back.
 */
export function mergeAtOnce(base: ByteString, { first, landed, after, ours }: LandedText): ByteString | null {
  const [made, wanted] = slidDown(base, [landed, after]).map((decided) =>
    textOfParts(mergeTexts(base, first, decided), () => null),
  )
  return made === ours ? (wanted ?? null) : null
}

/** Merges two texts without a base: what they have in common is merged, all else is in conflict. `atoms` make theirs of ours. */
export function mergeAdded(ours: ByteString, atoms: readonly Atom[]): MergePart[] {
  const table = lineTable(ours)
  const parts = new Parts(ours)
  let at = 0
  for (const { start, end, text } of atoms) {
    parts.agree(sliceLines(table, at, start))
    parts.clash({ base: null, baseLines: null, ours: sliceLines(table, start, end), theirs: text })
    at = end
  }
  parts.agree(sliceLines(table, at, table.offsets.length - 1))
  return parts.list
}

/** The whole text of parts, each conflict as `resolve` says; null where it leaves one open. */
export function textOfParts(
  parts: readonly MergePart[],
  resolve: (conflict: TextConflict) => ByteString | null,
): ByteString | null {
  const texts = parts.map((part) => (part.kind === 'merged' ? part.text : resolve(part)))
  return texts.some((text) => text === null) ? null : joinTexts(texts.map((text) => text ?? ''))
}

/** The conflicts among parts. */
export function conflictsIn(parts: readonly MergePart[]): TextConflict[] {
  return parts.filter((part) => part.kind === 'conflict')
}

function mergeSpan(parts: Parts, table: LineTable, { start, end, parts: sides }: Span): void {
  const made = [0, 1].map((side) => {
    const part = sides.find(({ list }) => list === side)
    return part === undefined ? null : spliceLines(table, start, end, part.atoms)
  })
  const base = sliceLines(table, start, end)
  const [ours = null, theirs = null] = made
  if (ours === null || theirs === null || ours === theirs) parts.agree(theirs ?? ours ?? base, ours ?? base)
  else parts.clash({ base, baseLines: [start, end], ours, theirs })
}

/** Parts as they come; merged lines that follow each other are one part. */
class Parts {
  readonly list: MergePart[] = []
  readonly #base: ByteString
  #line = 0

  constructor(base: ByteString) {
    this.#base = base
  }

  /** `ours` is what ours has there, when that is another text. */
  agree(text: ByteString, ours: ByteString = text): void {
    this.#line += splitLines(ours).length
    if (text === '') return
    const last = this.list.at(-1)
    if (last?.kind !== 'merged') this.list.push({ kind: 'merged', text })
    else this.list[this.list.length - 1] = { kind: 'merged', text: joinTexts([last.text, text], this.#base) }
  }

  /** The lines that both sides begin and end with are no part of the conflict. */
  clash({ base, baseLines, ours, theirs }: Omit<TextConflict, 'kind' | 'lines'>): void {
    const [left, right] = [splitLines(ours), splitLines(theirs)]
    const most = Math.min(left.length, right.length)
    let head = 0
    while (head < most && left[head] === right[head]) head += 1
    let tail = 0
    while (tail < most - head && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1
    this.agree(left.slice(0, head).join(''))
    const [start, end] = [this.#line, this.#line + left.length - tail - head]
    this.#line = end
    this.list.push({
      kind: 'conflict',
      lines: [start, end],
      baseLines,
      base,
      ours: left.slice(head, left.length - tail).join(''),
      theirs: right.slice(head, right.length - tail).join(''),
    })
    this.agree(left.slice(left.length - tail).join(''))
  }
}
