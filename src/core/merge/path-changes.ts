import type {
  AtomDecision,
  Candidate,
  Change,
  Decision,
  TextChange,
  TreePath,
  UnitChange,
  UnitDecision,
} from './change.ts'
import { comparePaths } from './path-order.ts'

/** A change with the agent that made it. */
export type Made<C extends Change> = C & { readonly agent: string }

/** Everything that happened at one path, agents in the order of the candidates. */
export interface PathChanges {
  readonly path: TreePath
  readonly texts: Made<TextChange>[]
  readonly units: Made<UnitChange>[]
  readonly atomDecisions: AtomDecision[]
  readonly unitDecisions: UnitDecision[]
}

/** Groups what was made and decided by path, in order of path. */
export function changesByPath(
  candidates: readonly Candidate[],
  decisions: readonly Decision[],
): PathChanges[] {
  const groups = new Map<TreePath, PathChanges>()
  const group = (path: TreePath): PathChanges => {
    const known = groups.get(path)
    if (known !== undefined) return known
    const fresh = { path, texts: [], units: [], atomDecisions: [], unitDecisions: [] }
    groups.set(path, fresh)
    return fresh
  }
  for (const { agent, changes } of candidates) {
    for (const change of changes) {
      if (change.kind === 'text') group(change.path).texts.push({ ...change, agent })
      else group(change.path).units.push({ ...change, agent })
    }
  }
  for (const decision of decisions) {
    if (decision.kind === 'atom') group(decision.path).atomDecisions.push(decision)
    else group(decision.path).unitDecisions.push(decision)
  }
  return [...groups.values()].toSorted((left, right) => comparePaths(left.path, right.path))
}
