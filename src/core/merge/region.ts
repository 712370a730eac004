import type { ByteString, Candidate, Decision, Entry } from './change.ts'
import { changesByPath } from './path-changes.ts'
import type { RegionView } from './region-view.ts'
import { textRegionsOf } from './text-region.ts'
import { unitRegionsOf } from './unit-region.ts'

/** What regions are made of; `baseText` reads a base file's text. */
export interface RegionInput {
  readonly candidates: readonly Candidate[]
  readonly decisions: readonly Decision[]
  readonly baseText: (entry: Entry) => ByteString
}

/**
 * All regions of the candidates and decisions: by path, then by line, a path's units last; of a new file first which one it
 * is, then what the others who made it have at its lines.
 */
export function regionsOf(input: RegionInput): RegionView[] {
  const agents = input.candidates.map((candidate) => candidate.agent)
  return changesByPath(input.candidates, input.decisions).flatMap((changes): RegionView[] => {
    const units = unitRegionsOf(changes, agents)
    const isNew = units.some(({ base }) => base === null)
    const makers = isNew
      ? agents.filter((agent) => changes.units.some((unit) => unit.agent === agent))
      : agents
    const texts = textRegionsOf(changes, makers, input.baseText)
    if (!isNew) return [...texts, ...units]
    return [...units, ...texts.map((text): RegionView => ({ ...text, newFile: true }))]
  })
}
