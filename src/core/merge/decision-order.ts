import { compareAtoms } from './atom.ts'
import type { Decision, TreePath } from './change.ts'
import { facetOf, resultOf } from './facet.ts'
import { comparePaths } from './path-order.ts'

/** Decisions in a fixed order, each once: by path, a path's atoms by line, its units last. */
export function sortDecisions(decisions: readonly Decision[]): Decision[] {
  if (isSorted(decisions)) return [...decisions]
  const sorted: Decision[] = []
  for (const decision of decisions.toSorted(compareDecisions)) {
    const last = sorted.at(-1)
    if (last === undefined || compareDecisions(last, decision) !== 0) sorted.push(decision)
    else sorted[sorted.length - 1] = { ...last, source: joinSources(last.source, decision.source) }
  }
  return sorted
}

function isSorted(decisions: readonly Decision[]): boolean {
  return decisions.every((decision, at) => {
    const previous = decisions[at - 1]
    return previous === undefined || compareDecisions(previous, decision) < 0
  })
}

/** Decisions in that order, by the path that they are for. */
export function decisionsByPath(decisions: readonly Decision[]): Map<TreePath, [Decision, ...Decision[]]> {
  const byPath = new Map<TreePath, [Decision, ...Decision[]]>()
  for (const decision of sortDecisions(decisions)) {
    const known = byPath.get(decision.path)
    if (known === undefined) byPath.set(decision.path, [decision])
    else known.push(decision)
  }
  return byPath
}

function compareDecisions(left: Decision, right: Decision): number {
  if (left.path !== right.path) return comparePaths(left.path, right.path)
  if (left.kind !== right.kind) return left.kind === 'atom' ? -1 : 1
  const bases = compareText(left.base?.oid ?? '', right.base?.oid ?? '')
  if (bases !== 0) return bases
  if (left.kind === 'atom' && right.kind === 'atom') return compareAtoms(left.atom, right.atom)
  return compareText(unitText(left), unitText(right))
}

function unitText(decision: Decision): string {
  if (decision.kind === 'atom') return ''
  return `${facetOf(decision.unit)} ${resultOf(decision)} ${decision.content ?? ''}`
}

function joinSources(left: readonly string[], right: readonly string[]): string[] {
  return [...new Set([...left, ...right])].toSorted(compareText)
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
