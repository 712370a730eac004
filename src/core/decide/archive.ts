import type { KnownAgent } from '../archive/row.ts'
import { settled } from '../agent/status.ts'
import { openAlarms } from '../alarm.ts'
import { draft } from '../draft.ts'
import type { EventDraft } from '../event.ts'
import { limit } from '../limit.ts'
import { ended, type RunState, type State } from '../state.ts'
import { endedBefore } from './clean.ts'

export interface ArchiveFacts {
  /** After how many days a run that ended is archived, by the keys of repositories; null: never by its age. */
  readonly days: ReadonlyMap<string, number | null>
  readonly nowMs: number
}

/** Archives what is due, the oldest first, at most `most` runs: what was cleaned, or ended long ago, and has nothing pending. */
export function decideArchive(state: State, { days, nowMs }: ArchiveFacts, most: number): EventDraft[] {
  const open = new Set(
    Object.values(state.landings)
      .filter(({ phase }) => phase === 'prepared' || phase === 'undoing')
      .map(({ run }) => run),
  )
  const due: EventDraft[] = []
  for (const run of Object.values(state.runs)) {
    if (due.length >= most) break
    const after = days.get(run.repository.key)
    if (after === undefined || open.has(run.id) || isPending(run)) continue
    const reason = reasonOf(run, after, nowMs)
    if (reason !== null) due.push(draft('run.archived', run.id, null, { reason }))
  }
  return due
}

/** Whether every agent of a run was cleaned: nothing of it is left but its branches and captures. */
export function isCleaned({ agents }: { readonly agents: readonly CleanedAgent[] }): boolean {
  return agents.every(
    (agent) =>
      ended(agent) &&
      agent.desired === 'cleaned' &&
      agent.pane === null &&
      (agent.worktreeState === 'removed' || agent.worktreeState === 'absent'),
  )
}

type CleanedAgent = Pick<KnownAgent, 'status' | 'desired' | 'pane' | 'worktreeState'>

function reasonOf(run: RunState, days: number | null, nowMs: number): 'cleaned' | 'age' | null {
  const openedMs = run.reopened === null ? -Infinity : Date.parse(run.reopened)
  if (isCleaned(run) && openedMs <= nowMs - limit.reopenedMs) return 'cleaned'
  if (days === null || !settled(run) || !endedBefore(run, days, nowMs)) return null
  return openedMs <= nowMs - days * 86_400_000 ? 'age' : null
}

function isPending(run: RunState): boolean {
  const decided = Object.values(run.pending).some(
    ({ removed, added }) => removed.length > 0 || added.length > 0,
  )
  return decided || Object.values(run.comments).some(({ length }) => length > 0) || openAlarms(run).length > 0
}
