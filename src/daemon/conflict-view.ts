import { agentId } from '../core/id.ts'
import type { LineRange } from '../core/merge/lines.ts'
import type { Decision, TreePath } from '../core/merge/change.ts'
import type { NamedConflict } from '../core/merge/conflict.ts'
import { pathToWire } from '../core/merge/path.ts'
import { choicesFor } from '../core/merge/resolution.ts'
import { textToWire } from '../core/merge/wire.ts'
import type { ConflictRegionView, ConflictView, RememberedView } from '../core/protocol/results.ts'
import { rememberedFor } from '../core/remembered.ts'
import type { State } from '../core/state.ts'

/** What conflicts are shown with: whose decisions meet them, and what was said to the same sides before. */
export interface ConflictContext {
  readonly state: State
  readonly repository: string
  readonly run: string
  /** What is to land now. */
  readonly added: readonly Decision[]
}

/** Conflicts for the outside: their sides, their regions with the texts, whose work they are and what can be said to them. */
export function conflictViews(conflicts: readonly NamedConflict[], context: ConflictContext): ConflictView[] {
  return conflicts.map((conflict) => viewOf(conflict, context))
}

function viewOf(conflict: NamedConflict, context: ConflictContext): ConflictView {
  const { id, key, path, kind, base, ours, theirs } = conflict
  const decided = context.added.filter((decision) => isAbout(decision, conflict))
  const from = decided[0]?.path ?? path
  return {
    ...pathToWire(path),
    ...fromToWire(from === path ? null : from),
    kind,
    base: base?.oid ?? null,
    ours: ours?.oid ?? null,
    theirs: theirs?.oid ?? null,
    id,
    key,
    agents: sourcesOf(decided, context),
    choices: choicesFor(conflict),
    remembered: rememberedAt(context, key),
    regions: conflict.regions.map((region): ConflictRegionView => {
      const { baseLines } = region
      return {
        id: region.id,
        key: region.key,
        lines: region.lines,
        baseLines,
        agents: sourcesOf(
          decided.filter((decision) => meets(decision, baseLines)),
          context,
        ),
        base: region.base === null ? null : textToWire(region.base),
        ours: textToWire(region.ours),
        theirs: textToWire(region.theirs),
        remembered: rememberedAt(context, region.key),
      }
    }),
  }
}

/** Whether a decision is about a path in conflict: by one of its names, or by the text that it changes. */
function isAbout(decision: Decision, { paths, base }: NamedConflict): boolean {
  const to = decision.kind === 'unit' ? decision.to : undefined
  if (paths.includes(decision.path) || (to !== undefined && paths.includes(to))) return true
  return decision.base !== null && decision.base.oid === base?.oid
}

function meets(decision: Decision, lines: LineRange | null): boolean {
  if (decision.kind === 'unit' || lines === null) return true
  return decision.atom.start <= lines[1] && decision.atom.end >= lines[0]
}

function sourcesOf(decisions: readonly Decision[], { run }: ConflictContext): string[] {
  return [...new Set(decisions.flatMap(({ source }) => source))].map((name) => agentId(run, name))
}

function rememberedAt({ state, repository }: ConflictContext, key: string): RememberedView | null {
  const resolution = rememberedFor(state, repository, key)
  if (resolution === null) return null
  const { choice } = resolution
  return choice === 'edited' ? { choice, text: textToWire(resolution.text) } : { choice }
}

function fromToWire(path: TreePath | null): Pick<ConflictView, 'from' | 'fromEncoding'> {
  if (path === null) return { from: null }
  const { path: from, pathEncoding } = pathToWire(path)
  return { from, ...(pathEncoding === undefined ? {} : { fromEncoding: pathEncoding }) }
}
