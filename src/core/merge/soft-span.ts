// An agent that changes the whitespace or line ends of every line would make one region of all that the others change. So lines
// that differ in nothing else glue nothing together: what the others change forms spans, and such a change is cut at them. With
//   ada: every line gets `\r`     bo: line 1     cy: line 5
// the spans are [0, 1) ada and bo, [1, 4) ada alone, [4, 5) ada and cy. Decisions are never cut: one that reaches over a span
// makes it larger, another one forms no span.
import { compareAtoms, firstEndingFrom } from './atom.ts'
import type { Atom } from './change.ts'
import type { LineTable } from './lines.ts'
import { piecesOf } from './spacing.ts'
import { type Span, spansOf } from './span.ts'

/** A span; `open` tells where another one begins or ends at its edge. */
export interface OpenSpan extends Span {
  readonly open?: { readonly start: boolean; readonly end: boolean }
}

/** An atom, or a piece of one that is cut where others need it. */
interface Element extends Atom {
  readonly of: Atom
  readonly isSoft: boolean
}

/** The spans of what agents changed, each an ascending list of atoms, and of decisions, whose list has the number after theirs. */
export function softSpansOf(
  table: LineTable,
  lists: readonly (readonly Atom[])[],
  decisions: readonly Atom[],
): OpenSpan[] {
  const elements = lists.map((atoms) => atoms.flatMap((atom) => elementsOf(table, atom)))
  if (!elements.some((ofAgent) => ofAgent.some(({ isSoft }) => isSoft))) return spansOf([...lists, decisions])
  const sorted = decisions.toSorted(compareAtoms)
  const kept = keptSpans(elements, sorted)
  const cells = [...elements, sorted.map((atom): Element => ({ ...atom, of: atom, isSoft: false }))].map(
    (list) => inCells(list, kept),
  )
  const spans: OpenSpan[] = []
  for (let at = 0; at <= kept.length; at += 1) {
    const [before, span] = [kept[at - 1], kept[at]]
    const between = spansOf(cells.map((cell) => runsOf(cell.get(at * 2) ?? [])))
    for (const rest of between)
      spans.push({ ...rest, open: { start: rest.start === before?.end, end: rest.end === span?.start } })
    if (span === undefined) continue
    const parts = cells.flatMap((cell, list) => {
      const atoms = runsOf(cell.get(at * 2 + 1) ?? [])
      return atoms.length === 0 ? [] : [{ list, atoms }]
    })
    spans.push({ start: span.start, end: span.end, parts })
  }
  return spans
}

function elementsOf(table: LineTable, atom: Atom): Element[] {
  const pieces = piecesOf(table, atom)
  return pieces === null
    ? [{ ...atom, of: atom, isSoft: false }]
    : pieces.map((piece) => ({ ...piece, of: atom }))
}

/** The spans of what is more than whitespace, and of the decisions that reach into them. */
function keptSpans(elements: readonly (readonly Element[])[], decisions: readonly Atom[]): Span[] {
  const hard = elements.map((ofAgent) => ofAgent.filter(({ isSoft }) => !isSoft))
  const cut = new Set(elements.flat().flatMap(({ isSoft, of }) => (isSoft ? [of] : [])))
  const joined = new Set<Atom>()
  for (;;) {
    const spans = spansOf([...hard, decisions.filter((atom) => joined.has(atom))])
    const kept = spans.filter((span) => !isAlone(span, hard.length, cut))
    const more = decisions.filter((atom) => !joined.has(atom) && reaches(kept, atom))
    if (more.length === 0) return kept
    for (const atom of more) joined.add(atom)
  }
}

/** Whether a span is only of what one agent changed beside whitespace: it stays with the lines around it. */
function isAlone({ parts }: Span, agents: number, cut: ReadonlySet<Atom>): boolean {
  const [part] = parts
  if (part === undefined || parts.length > 1 || part.list >= agents) return false
  return (part.atoms as readonly Element[]).every(({ of }) => cut.has(of))
}

/** Whether an atom has lines of a span, or is an insertion within or beside it. */
function reaches(spans: readonly Span[], { start, end }: Atom): boolean {
  for (let at = firstEndingFrom(spans, start); at < spans.length; at += 1) {
    const span = spans[at]
    if (span === undefined || span.start > end) return false
    const isPoint = span.start === span.end
    if (start === end) return true
    if (isPoint ? start < span.start && span.start < end : start < span.end && span.start < end) return true
  }
  return false
}

function inCells(list: readonly Element[], kept: readonly Span[]): ReadonlyMap<number, readonly Element[]> {
  const cells = new Map<number, Element[]>()
  for (const element of list) {
    const cell = cellOf(kept, element)
    const known = cells.get(cell)
    if (known === undefined) cells.set(cell, [element])
    else known.push(element)
  }
  return cells
}

/** The number of the place of an element: odd within a span, even between two. */
function cellOf(kept: readonly Span[], { start, end }: Element): number {
  for (let at = firstEndingFrom(kept, start); at < kept.length; at += 1) {
    const span = kept[at]
    if (span === undefined || span.start > end) break
    if (span.start <= start && end <= span.end) return at * 2 + 1
  }
  return 2 * firstEndingFrom(kept, start === end ? start : start + 1)
}

/** The pieces of each atom that lie side by side, as atoms. */
function runsOf(elements: readonly Element[]): Atom[] {
  const runs: { of: Atom; start: number; end: number; texts: string[] }[] = []
  for (const { of, start, end, text } of elements) {
    const last = runs.at(-1)
    if (last?.of === of && last.end === start) {
      last.end = end
      last.texts.push(text)
    } else runs.push({ of, start, end, texts: [text] })
  }
  return runs.map(({ of, start, end, texts }) => {
    const text = texts.join('')
    return start === of.start && end === of.end && text === of.text ? of : { start, end, text }
  })
}
