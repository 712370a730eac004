// Where several agents made the same new file and one of them is decided, that one is the base that the others' lines can be
// mixed into: their files are compared with it, as those of a file of the base are.
import type { Own } from '../adapters/git/repository/own.ts'
import { patchOptions } from '../adapters/git/diff/diff.ts'
import { textAtoms } from '../adapters/git/diff/text-atoms.ts'
import type { Candidate, Decision, Entry, TextChange, TreePath, UnitChange } from '../core/merge/change.ts'
import { isMixable } from '../core/merge/facet.ts'

/** A new file that is decided, and what an agent made of the same file. */
interface Mix {
  readonly agent: string
  readonly path: TreePath
  readonly base: Entry
  readonly entry: Entry
}

/** The candidates with what each made of new files that are decided as another made them, as changes of those. */
export async function withMixes(
  own: Own,
  candidates: readonly Candidate[],
  decisions: readonly Decision[],
): Promise<readonly Candidate[]> {
  const mixes = mixesOf(candidates, decisions)
  if (mixes.length === 0) return candidates
  const atoms = await textAtoms(
    own,
    mixes.map(({ base, entry }) => [base.oid, entry.oid]),
    patchOptions,
  )
  return candidates.map((candidate) => {
    const mixed = mixes.flatMap(({ agent, path, base, entry }): TextChange[] => {
      const made = agent === candidate.agent ? atoms(base.oid, entry.oid) : null
      return made === null || made.length === 0 ? [] : [{ kind: 'text', path, base, entry, atoms: made }]
    })
    return { ...candidate, changes: [...candidate.changes, ...mixed] }
  })
}

function mixesOf(candidates: readonly Candidate[], decisions: readonly Decision[]): Mix[] {
  const added = decisions.flatMap((decision) =>
    decision.kind === 'unit' && isMixable(decision) && decision.entry !== null
      ? [{ path: decision.path, base: decision.entry }]
      : [],
  )
  if (added.length === 0) return []
  const byPath = Map.groupBy(added, ({ path }) => path)
  return candidates.flatMap(({ agent, changes }) =>
    changes.flatMap((change) => {
      if (!isNewText(change) || change.entry === null) return []
      const { path, entry } = change
      const others = (byPath.get(path) ?? []).filter(({ base }) => base.oid !== entry.oid)
      return others.map(({ base }): Mix => ({ agent, path, base, entry: { ...entry, mode: base.mode } }))
    }),
  )
}

function isNewText(change: Candidate['changes'][number]): change is UnitChange {
  return change.kind === 'unit' && isMixable(change)
}
