// A decision stays whatever its agent does afterwards. Taken as it was, it is one of the variants' atoms or entries; of
// what was joined or picked by line, each line still stands in what its agents make of the region, or in the base.
import { isSameAtom } from './atom.ts'
import type { AtomDecision, ByteString, UnitDecision } from './change.ts'
import { splitLines } from './lines.ts'
import type { RegionView, TextRegion, UnitRegion } from './region-view.ts'

/** Whether something of an agent is decided in a region that this agent's candidate no longer holds. */
export function isStale(region: RegionView): boolean {
  if (region.kind === 'text') return region.decided.some((decision) => isTextGone(region, decision))
  return region.decided.some((decision) => isUnitGone(region, decision))
}

function isTextGone(region: TextRegion, { atom, source }: AtomDecision): boolean {
  if (source.length === 0) return false
  if (region.variants.some(({ atoms }) => atoms.some((made) => isSameAtom(made, atom)))) return false
  const texts = region.variants
    .filter(({ agents }) => agents.some((agent) => source.includes(agent)))
    .map(({ text }) => text)
  return texts.length === 0 || atom.text === '' || !holdsLines([...texts, region.baseText], atom.text)
}

function isUnitGone({ variants }: UnitRegion, { entry, content, source }: UnitDecision): boolean {
  if (source.length === 0) return false
  const made = variants.filter(({ agents }) => agents.some((agent) => source.includes(agent)))
  if (content !== undefined) return made.length === 0
  return !variants.some((variant) => variant.entry?.oid === entry?.oid && variant.entry?.mode === entry?.mode)
}

/** Whether each line of a text is a line of one of the others, whatever the end of the file makes of the last. */
function holdsLines(texts: readonly ByteString[], text: ByteString): boolean {
  const lines = new Set(texts.flatMap((each) => splitLines(each).map(withoutEnd)))
  return splitLines(text).every((line) => lines.has(withoutEnd(line)))
}

function withoutEnd(line: ByteString): ByteString {
  return line.replace(/\r?\n$/, '')
}
