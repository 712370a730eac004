import type { ByteString, Decision, Entry, FileEdit, TreePath } from './change.ts'
import { decisionsByPath } from './decision-order.ts'
import { exclusionAt } from './exclusion.ts'
import { decidedFacet } from './facet.ts'
import { comparePaths } from './path-order.ts'
import { splice } from './splice.ts'

/** What the decided files become, one edit per path in order of path; decisions that exclude each other throw. */
export function compose(decisions: readonly Decision[], baseText: (entry: Entry) => ByteString): FileEdit[] {
  const edits = new Map<TreePath, FileEdit>()
  for (const ofPath of decisionsByPath(decisions).values()) {
    for (const edit of editsOf(ofPath, baseText)) {
      const known = edits.get(edit.path)
      if (known !== undefined && !('removed' in known) && !('removed' in edit))
        throw new Error(`Decisions exclude each other: ${JSON.stringify(edit.path)} is two files`)
      if (known === undefined || 'removed' in known) edits.set(edit.path, edit)
    }
  }
  return [...edits.values()].toSorted((left, right) => comparePaths(left.path, right.path))
}

/** What becomes of one file: its content where it stays, or a removal there and the content at its new path. */
function editsOf(
  ofPath: readonly [Decision, ...Decision[]],
  baseText: (entry: Entry) => ByteString,
): FileEdit[] {
  const [{ path, base }] = ofPath
  const reason = exclusionAt(ofPath)
  if (reason !== null) throw new Error(`Decisions exclude each other: ${JSON.stringify(path)} ${reason}`)
  const units = ofPath.flatMap((decision) => (decision.kind === 'unit' ? [decision] : []))
  const atoms = ofPath.flatMap((decision) => (decision.kind === 'atom' ? [decision.atom] : []))
  const [move, mode, whole] = [
    decidedFacet(units, 'path'),
    decidedFacet(units, 'mode'),
    decidedFacet(units, 'content'),
  ]
  const entry = (whole ?? mode ?? { entry: base }).entry
  if (entry === null) return [{ path, removed: true }]
  const file = { path: move?.to ?? path, mode: mode?.entry?.mode ?? entry.mode }
  // Lines for a new file go into the variant that was chosen; they stand before it, with it for their base.
  const content = atoms.length > 0 && base !== null ? splice(baseText(base), atoms) : whole?.content
  const put = content === undefined ? { ...file, oid: entry.oid } : { ...file, content }
  return put.path === path ? [put] : [{ path, removed: true }, put]
}
