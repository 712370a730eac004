import { numberOfId } from '../../core/id.ts'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readJournal } from '../../adapters/git/landing/journal.ts'
import type { Own } from '../../adapters/git/repository/own.ts'
import { faultOf } from '../../core/error.ts'
import { isCutOff, journalOf, stuckWords } from '../../core/landing-phase.ts'
import type { Problem } from '../../core/protocol/health.ts'
import { archivedOf } from '../../core/archive/archive.ts'
import type { LandingState, State } from '../../core/state.ts'

type Needed = Pick<LandingState, 'undo' | 'repository' | 'phase'> & { readonly isEmpty: boolean }

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
function neededLandings(ownRoot: string, { landings, archive, repositories }: State): Needed[] {
  const archived = Object.keys(repositories).flatMap((repository) =>
    archivedOf(archive, repository).flatMap((run) => run.landings.map((row) => ({ ...row, repository }))),
  )
  const live = Object.values(landings).map((landing) => ({
    ...landing,
    isEmpty: landing.paths.length === 0 && landing.commit === null,
  }))
  const all: Needed[] = [...archived, ...live].toSorted(
    (one, other) => numberOfId(one.undo) - numberOfId(other.undo),
  )
  const cutOff = all.filter(isCutOff)
  const standing = Map.groupBy(all.filter(stands), ({ repository }) => repository)
  const kept = [...standing.values()].flatMap((each) => {
    const first = each.findIndex((landing) => existsSync(pathOf(ownRoot, landing)))
    return first === -1 ? each.slice(-1) : each.slice(first)
  })
  return [...cutOff, ...kept]
}

function stands({ phase, isEmpty }: Needed): boolean {
  return phase === 'landed' && !isEmpty
}

function pathOf(ownRoot: string, { repository, undo }: Needed): string {
  return join(ownRoot, `${repository}.git`, 'landings', undo)
}

/** Reading a journal needs nothing of the repository but its place. */
function ownAt(directory: string): Own {
  return { directory, objectFormat: 'sha1', partial: false, place: { gitDir: directory } }
}
