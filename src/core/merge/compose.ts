import type { AtomDecision, ByteString, Decision, Entry, FileEdit, TreePath, UnitDecision } from './change.ts'
import { sortDecisions } from './decision-order.ts'
import { splice } from './splice.ts'

/** What the decided files become, one edit per path in order of path; decisions that exclude each other throw. */
export function compose(decisions: readonly Decision[], baseText: (entry: Entry) => ByteString): FileEdit[] {
  const byPath = new Map<TreePath, [Decision, ...Decision[]]>()
  for (const decision of sortDecisions(decisions)) {
    const known = byPath.get(decision.path)
    if (known === undefined) byPath.set(decision.path, [decision])
    else known.push(decision)
  }
  return [...byPath.values()].map((ofPath) => editOf(ofPath, baseText))
}

function editOf(
  [first, ...others]: readonly [Decision, ...Decision[]],
  baseText: (entry: Entry) => ByteString,
): FileEdit {
  const stranger = others.find(({ kind, base }) => kind === 'unit' || base.oid !== first.base?.oid)
  if (stranger !== undefined)
    throw new Error(`Decisions for ${JSON.stringify(first.path)} exclude each other`)
  if (first.kind === 'unit') return unitEdit(first)
  const atoms = [first, ...others].flatMap((decision) => (decision.kind === 'atom' ? [decision.atom] : []))
  return textEdit(first, splice(baseText(first.base), atoms))
}

function unitEdit({ path, entry, content }: UnitDecision): FileEdit {
  if (entry === null) return { path, removed: true }
  return content === undefined ? { path, ...entry } : { path, mode: entry.mode, content }
}

function textEdit({ path, base }: AtomDecision, content: ByteString): FileEdit {
  return { path, mode: base.mode, content }
}
