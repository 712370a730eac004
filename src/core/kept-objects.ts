import type { Decision, Oid } from './merge/change.ts'
import { openNotices } from './notice.ts'
import type { LandingState, RunState, State } from './state.ts'

/** The objects of a repository that the state needs, each with all below it, and the bases of its runs. */
export interface KeptObjects {
  readonly objects: readonly Oid[]
  readonly bases: readonly { readonly run: string; readonly commit: Oid }[]
}

/**
 * What captures, the captures that open notices tell of, pending decisions, landings that are under way or stand (and so their undos) and open checks of a
 * repository need. A superseded capture and a landing that was undone need nothing.
 */
export function keptObjects(state: State, repository: string): KeptObjects {
  const runs = Object.values(state.runs).filter((run) => run.repository.key === repository)
  const landings = Object.values(state.landings).filter((landing) => landing.repository === repository)
  const checked = (state.checked[repository] ?? []).map(({ tree }) => tree)
  const objects = [...runs.flatMap(objectsOfRun), ...landings.flatMap(objectsOfLanding), ...checked]
  return {
    objects: [...new Set(objects)].filter((oid) => /^[0-9a-f]{40,64}$/.test(oid)),
    bases: runs.map(({ id: run, base: commit }) => ({ run, commit })),
  }
}

function objectsOfRun({ agents, pending, notices }: RunState): Oid[] {
  const noticed = openNotices({ notices }).filter(({ kind }) => kind === 'worktree')
  const captures = agents.flatMap(({ capture }) => (capture === null ? [] : [capture.commit, capture.tree]))
  const decisions = Object.values(pending).flatMap(({ removed, added }) => [...removed, ...added])
  const earlier = noticed.map(({ before }) => before)
  return [...captures, ...earlier, ...decisions.flatMap(objectsOfDecision)]
}

function objectsOfLanding({ phase, from, tree, commit, removed, added }: LandingState): Oid[] {
  if (phase === 'undone' || phase === 'dropped') return []
  const named = [from, tree, commit].filter((oid) => oid !== undefined && oid !== null)
  return [...named, ...[...removed, ...added].flatMap(objectsOfDecision)]
}

function objectsOfDecision(decision: Decision): Oid[] {
  const entries = decision.kind === 'atom' ? [decision.base] : [decision.base, decision.entry]
  return entries.flatMap((entry) => (entry === null || entry.mode === '160000' ? [] : [entry.oid]))
}
