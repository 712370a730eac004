// A decision stays whatever its agent does afterwards. Taken as it was, it is one of the variants' atoms or entries; of
// what was joined or picked by line, each line still stands in what its agents make of the region, or in the base.
import { isSameAtom } from './atom.ts'
import type { Atom, AtomDecision, ByteString, Candidate, Change, Decision, UnitDecision } from './change.ts'
import { facetOf, resultOf } from './facet.ts'
import { splitLines } from './lines.ts'
import type { RegionView, TextRegion, UnitRegion } from './region-view.ts'

/** Whether something of an agent is decided in a region that this agent's candidate no longer holds. */
export function isStale(region: RegionView): boolean {
  if (region.kind === 'text') return region.decided.some((decision) => isTextGone(region, decision))
  return region.decided.some((decision) => isUnitGone(region, decision))
}

/** Whether a candidate's change where something is decided is still what it was in an earlier candidate of that agent. */
export function isSameThere(decision: Decision, before: Candidate, now: Candidate): boolean {
  const [old, fresh] = [before, now].map((candidate) => changeAt(candidate, decision))
  const [oldAtoms, freshAtoms] = [old, fresh].map((change) => atomsAt(change, decision))
  if (oldAtoms === undefined || freshAtoms === undefined) {
    return (old === undefined) === (fresh === undefined) && (old === undefined || isSameResult(old, fresh))
  }
  return (
    oldAtoms.length === freshAtoms.length &&
    oldAtoms.every((atom) => freshAtoms.some((other) => isSameAtom(atom, other)))
  )
}

/** What a candidate changes of the facet of a file that is decided; of its content that may be a text. */
function changeAt({ changes }: Candidate, decision: Decision): Change | undefined {
  const facet = decision.kind === 'atom' ? 'content' : facetOf(decision.unit)
  return changes.find(
    (change) =>
      change.path === decision.path && (change.kind === 'text' ? 'content' : facetOf(change.unit)) === facet,
  )
}

/** The atoms of a text that touch a decision's (none where nothing was changed); undefined where it is all or nothing. */
function atomsAt(change: Change | undefined, decision: Decision): readonly Atom[] | undefined {
  if (change?.kind === 'unit' || decision.kind === 'unit') return undefined
  const { start, end } = decision.atom
  return (change?.atoms ?? []).filter((atom) => atom.start <= end && atom.end >= start)
}

function isSameResult(old: Change, fresh: Change | undefined): boolean {
  return fresh !== undefined && resultOf(old) === resultOf(fresh)
}

function isTextGone(region: TextRegion, { atom, source }: AtomDecision): boolean {
  if (source.length === 0) return false
  if (region.variants.some(({ atoms }) => atoms.some((made) => isSameAtom(made, atom)))) return false
  const texts = region.variants
    .filter(({ agents }) => agents.some((agent) => source.includes(agent)))
    .map(({ text }) => text)
  return texts.length === 0 || atom.text === '' || !holdsLines([...texts, region.baseText], atom.text)
}

function isUnitGone({ variants }: UnitRegion, decision: UnitDecision): boolean {
  const { content, source } = decision
  if (source.length === 0) return false
  const made = variants.filter(({ agents }) => agents.some((agent) => source.includes(agent)))
  if (content !== undefined) return made.length === 0
  return !variants.some((variant) => resultOf(variant) === resultOf(decision))
}

/** Whether each line of a text is a line of one of the others, whatever the end of the file makes of the last. */
function holdsLines(texts: readonly ByteString[], text: ByteString): boolean {
  const lines = new Set(texts.flatMap((each) => splitLines(each).map(withoutEnd)))
  return splitLines(text).every((line) => lines.has(withoutEnd(line)))
}

function withoutEnd(line: ByteString): ByteString {
  // A carriage return that ends a file without a line feed is half of an end where lines follow.
  return line.replace(/\r?\n?$/, '')
}
