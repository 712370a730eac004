import { join } from 'node:path'
import { readJournal, sweepJournals } from '../adapters/git/landing/journal.ts'
import { releaseIndex } from '../adapters/git/landing/index-lock.ts'
import { recoverLanding } from '../adapters/git/landing/recover.ts'
import { gitDirectories } from '../adapters/git/repository/branch-names.ts'
import { recoverUndo } from '../adapters/git/landing/undo.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import { draft } from '../core/draft.ts'
import { faultOf } from '../core/error.ts'
import type { EventDraft, Landing } from '../core/event.ts'
import { isCutOff, journalOf } from '../core/landing-phase.ts'
import type { Landed, Results } from '../core/protocol/results.ts'
import type { LandingState, State } from '../core/state.ts'
import type { Kernel } from './kernel.ts'
import { replacedViews } from './replaced-view.ts'
import type { Repositories } from './repositories.ts'

/**
 * Ends every landing and undo that a crash interrupted, before or after, and notes which; who asks again gets the answer.
 * One that cannot be looked at now is left for the next start.
 */
export async function recoverLandings(
  kernel: Kernel,
  repositories: Repositories,
  log: (line: string) => void,
): Promise<void> {
  for (const landing of Object.values(kernel.state.landings)) {
    if (!isCutOff(landing)) continue
    const event = await recovered(kernel, repositories, landing).catch((thrown: unknown) => {
      log(`${landing.undo} could not be taken up again: ${faultOf(thrown).message}`)
      return null
    })
    if (event === null) continue
    const reply = replyOf(event, landing)
    if (reply === null) await kernel.append([event])
    else
      await kernel.execute({
        command: landing.command,
        decide: () => ({ events: [event] }),
        reply: () => reply,
      })
  }
}

/** Why a journal is of no use, damaged or gone; null where it is whole. Fails with KAGE_STORE_NEWER. */
export async function journalProblem(own: Own, name: string): Promise<string | null> {
  try {
    await readJournal(own, name)
    return null
  } catch (thrown) {
    const { code, message } = faultOf(thrown)
    if (code === 'KAGE_STORE' || code === 'KAGE_UNDO_UNKNOWN') return message
    throw thrown
  }
}

/** Removes the journals of landings that are undone or dropped, which a crash may have left. */
export async function forgetUndone(
  { landings }: State,
  ownRoot: string,
  log: (line: string) => void,
): Promise<void> {
  const isNeeded = (name: string): boolean => {
    const phase = landings[name.replace(/-undo$/, '')]?.phase
    // A journal that the state does not know may be all that is left of a landing.
    if (phase === undefined || phase === 'prepared' || phase === 'undoing') return true
    return phase === 'landed' && !name.endsWith('-undo')
  }
  for (const key of new Set(Object.values(landings).map(({ repository }) => repository)))
    await sweepJournals(join(ownRoot, `${key}.git`), isNeeded).catch((thrown: unknown) =>
      log(`journals in ${key} could not be removed: ${faultOf(thrown).message}`),
    )
}

/** What the one who asked for a landing is told when it has landed. */
export function landedReply(
  { tree, commit, undo, paths, removed }: Landing,
  replaced: Landed['replaced'] = replacedViews(removed, []),
): Landed {
  return { result: 'landed', tree, commit, undo, conflicts: [], replaced, warnings: [], paths }
}

/** What the one who asked for an undo is told when it is undone. */
export function undoneReply({ undo }: Landing): Results['undo'] {
  return { restored: undo }
}

function replyOf({ type }: EventDraft, landing: Landing): Landed | Results['undo'] | null {
  if (type === 'merge.landed') return landedReply(landing)
  return type === 'merge.undone' ? undoneReply(landing) : null
}

async function recovered(
  kernel: Kernel,
  repositories: Repositories,
  landing: LandingState,
): Promise<EventDraft | null> {
  const { undo, run, phase } = landing
  const undoing = phase === 'undoing'
  const back = (message: string, foreign: readonly string[]): EventDraft =>
    undoing
      ? draft('merge.kept', run, null, { undo, message })
      : draft('merge.dropped', run, null, { undo, message, foreign })
  const record = kernel.state.runs[run]?.repository
  if (record === undefined) return back('its run is unknown', [])
  const repository = await repositories.ofRecord(record)
  const own = await repositories.own(repository)
  const problem = await journalProblem(own, journalOf(landing))
  if (problem !== null) {
    for (const gitDir of await gitDirectories(repository))
      releaseIndex({ id: journalOf(landing), repository: { ...repository, gitDir } })
    return landing.stuck === problem ? null : draft('merge.stuck', run, null, { undo, message: problem })
  }
  const { plan } = await readJournal(own, journalOf(landing))
  const outcome = undoing ? await recoverUndo(plan) : await recoverLanding(plan)
  if (outcome === 'landed')
    return undoing ? draft('merge.undone', run, null, { undo }) : draft('merge.landed', run, null, { undo })
  if (outcome === 'restored') return back('interrupted before anything was written', [])
  return back('someone else wrote meanwhile; everything of Kage was taken back', outcome.foreign)
}
