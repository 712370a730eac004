import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readJournal } from '../../adapters/git/landing/journal.ts'
import type { Own } from '../../adapters/git/repository/own.ts'
import { faultOf } from '../../core/error.ts'
import { isCutOff, journalOf, stuckWords } from '../../core/landing-phase.ts'
import type { Problem } from '../../core/protocol/health.ts'
import type { LandingState, State } from '../../core/state.ts'

/** The journals that a landing needs to be undone, or to be taken up again, and that are not there or not whole. */
export async function journalProblems(ownRoot: string, state: State): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const landing of neededLandings(ownRoot, state)) {
    const own = ownAt(join(ownRoot, `${landing.repository}.git`))
    const found = await readJournal(own, journalOf(landing)).then(
      () => null,
      (thrown: unknown) => faultOf(thrown),
    )
    if (found === null) continue
    const isStuck = isCutOff(landing) && found.code !== 'KAGE_STORE_NEWER'
    problems.push({ kind: 'journal', message: isStuck ? stuckWords(landing, found.message) : found.message })
  }
  return problems
}

/** Those that were cut off, and those that stand, but for the oldest, whose journals the retention has removed. */
function neededLandings(ownRoot: string, { landings }: State): LandingState[] {
  const all = Object.values(landings)
  const cutOff = all.filter(isCutOff)
  const standing = Map.groupBy(all.filter(stands), ({ repository }) => repository)
  const kept = [...standing.values()].flatMap((each) => {
    const first = each.findIndex((landing) => existsSync(pathOf(ownRoot, landing)))
    return first === -1 ? each.slice(-1) : each.slice(first)
  })
  return [...cutOff, ...kept]
}

function stands({ phase, paths, commit }: LandingState): boolean {
  return phase === 'landed' && (paths.length > 0 || commit !== null)
}

function pathOf(ownRoot: string, { repository, undo }: LandingState): string {
  return join(ownRoot, `${repository}.git`, 'landings', undo)
}

/** Reading a journal needs nothing of the repository but its place. */
function ownAt(directory: string): Own {
  return { directory, objectFormat: 'sha1', partial: false, place: { gitDir: directory } }
}
