import type { RepositoryRecord } from '../event.ts'
import { limit } from '../limit.ts'
import { movedRecord, type Move } from '../moved-path.ts'
import type { LandingState, RunState } from '../state.ts'

/** What all archived runs of a repository have in common, so that no row is read for it. */
export interface RepositoryState {
  /** The repository of its last archived run, where it is now; null while none is archived. */
  readonly record: RepositoryRecord | null
  /** Where it was found at another place, by the numbers of the events. */
  readonly moves: readonly MoveAt[]
  /** What was acknowledged of changes beside the worktrees. */
  readonly acknowledged: readonly { readonly subject: string; readonly hash: string }[]
  /** Variables that hold keys of its agents' providers, and those that agents which are not cleaned get. */
  readonly keyNames: readonly string[]
  readonly environment: readonly string[]
  /** What the names of its agents' branches begin with, like `kage/`. */
  readonly prefixes: readonly string[]
  /** The highest numbers of its archived runs and their landings. */
  readonly highest: { readonly run: number; readonly undo: number }
}

export interface MoveAt extends Move {
  readonly seq: number
}

/** Repositories by their keys. */
export type RepositoryStates = Readonly<Record<string, RepositoryState>>

const nothing: RepositoryState = {
  record: null,
  moves: [],
  acknowledged: [],
  keyNames: [],
  environment: [],
  prefixes: [],
  highest: { run: 0, undo: 0 },
}

/** The repositories after one was found at another place. */
export function withMove(states: RepositoryStates, key: string, move: MoveAt): RepositoryStates {
  const before = states[key] ?? nothing
  const record = before.record === null ? null : movedRecord(before.record, move)
  return { ...states, [key]: { ...before, record, moves: [...before.moves, move] } }
}

/** The repositories after a run of one was archived. */
export function withArchivedIn(
  states: RepositoryStates,
  run: RunState,
  landings: readonly LandingState[],
): RepositoryStates {
  const { key } = run.repository
  const before = states[key] ?? nothing
  const told = run.alarms.filter(({ acknowledged }) => acknowledged)
  const left = run.agents.filter(({ desired }) => desired !== 'cleaned')
  const undos = landings.map(({ undo }) => numberOf(undo))
  return {
    ...states,
    [key]: {
      ...before,
      record: run.repository,
      acknowledged: joined(
        before.acknowledged,
        told.map(({ subject, hash }) => ({ subject, hash })),
        ({ subject, hash }) => `${hash} ${subject}`,
      ).slice(-limit.acknowledgedKept),
      keyNames: joined(
        before.keyNames,
        run.agents.flatMap(({ model }) => model?.keyEnv ?? []),
      ),
      environment: joined(
        before.environment,
        left.flatMap(({ environment }) => environment),
      ),
      prefixes: joined(
        before.prefixes,
        run.agents.flatMap(({ branch }) => branch.slice(0, branch.lastIndexOf(`/${run.id}/`) + 1) || []),
      ),
      highest: {
        run: Math.max(before.highest.run, numberOf(run.id)),
        undo: Math.max(before.highest.undo, ...undos),
      },
    },
  }
}

function numberOf(id: string): number {
  return Number(/^[ru](\d{1,15})$/.exec(id)?.[1] ?? 0)
}

/** The same list where nothing is added. */
function joined<T>(
  before: readonly T[],
  added: readonly T[],
  keyOf: (each: T) => unknown = (each) => each,
): readonly T[] {
  const known = new Map(before.map((each) => [keyOf(each), each]))
  for (const each of added) known.set(keyOf(each), each)
  return known.size === before.length ? before : [...known.values()]
}
