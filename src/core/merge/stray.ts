// Lines that were mixed into a new file stand and fall with it. A landing that is undone, or lands something else at that path,
// may leave them alone:
//   add `new` as ada made it, then line 5 of bo's into that   →   without the first the second is a stray
import type { AtomDecision, Decision, TreePath } from './change.ts'
import { isMixable } from './facet.ts'

/** The lines among decisions that go into a new file which is not decided, or not as the one that they were compared with. */
export function strayLines(decisions: readonly Decision[]): AtomDecision[] {
  const lines = decisions.flatMap((each) => (each.kind === 'atom' && each.newFile === true ? [each] : []))
  if (lines.length === 0) return []
  const files = newFilesOf(decisions)
  return lines.filter((each) => !files.has(fileOf(each)))
}

/** Decisions without such lines. */
export function withoutStrays(decisions: readonly Decision[]): Decision[] {
  const strays = new Set<Decision>(strayLines(decisions))
  return strays.size === 0 ? [...decisions] : decisions.filter((each) => !strays.has(each))
}

/** The new file among decisions that a decision's lines go into, if they go into one. */
export function filesUnder(decisions: readonly Decision[]): (decision: Decision) => Decision[] {
  const files = newFilesOf(decisions)
  return (decision) => {
    const file = decision.kind === 'atom' ? files.get(fileOf(decision)) : undefined
    return file === undefined ? [] : [file]
  }
}

function newFilesOf(decisions: readonly Decision[]): Map<string, Decision> {
  return new Map(
    decisions.flatMap((each) =>
      each.kind === 'unit' && isMixable(each) ? [[keyOf(each.path, each.entry?.oid), each] as const] : [],
    ),
  )
}

function fileOf({ path, base }: AtomDecision): string {
  return keyOf(path, base.oid)
}

function keyOf(path: TreePath, oid: string | undefined): string {
  return `${oid} ${path}`
}
