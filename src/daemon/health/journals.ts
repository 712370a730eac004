import { join } from 'node:path'
import { readJournal } from '../../adapters/git/journal.ts'
import type { Own } from '../../adapters/git/own.ts'
import { faultOf } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import type { Problem } from '../../core/protocol/health.ts'
import type { LandingState, State } from '../../core/state.ts'

/** The journals that a landing needs to be undone, or to be taken up again, and that are not there or not whole. */
export async function journalProblems(ownRoot: string, state: State): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const landing of neededLandings(state)) {
    const { undo, repository, phase } = landing
    const own = ownAt(join(ownRoot, `${repository}.git`))
    const name = phase === 'undoing' ? `${undo}-undo` : undo
    const message = await readJournal(own, name).then(
      () => null,
      (thrown: unknown) => faultOf(thrown).message,
    )
    if (message !== null) problems.push({ kind: 'journal', message })
  }
  return problems
}

/** Those that were cut off, and the last of each repository that stand. */
function neededLandings({ landings }: State): LandingState[] {
  const standing = new Map<string, number>()
  return Object.values(landings)
    .toReversed()
    .filter((landing) => {
      if (landing.phase === 'prepared' || landing.phase === 'undoing') return true
      if (landing.phase !== 'landed' || (landing.paths.length === 0 && landing.commit === null)) return false
      const count = (standing.get(landing.repository) ?? 0) + 1
      standing.set(landing.repository, count)
      return count <= limit.undosKept
    })
}

/** Reading a journal needs nothing of the repository but its place. */
function ownAt(directory: string): Own {
  return { directory, objectFormat: 'sha1', partial: false, place: { gitDir: directory } }
}
