import { draft } from '../draft.ts'
import type { ByteSettings, Capture, RepositoryRecord } from '../event.ts'
import { nextRunId } from '../id.ts'
import { numbersOf } from '../numbers.ts'
import type { State } from '../state.ts'
import { refuse, type Verdict } from './verdict.ts'

export interface CompareFacts {
  readonly repository: RepositoryRecord
  readonly base: string
  readonly baseName: string
  readonly settings: ByteSettings
  readonly guarded: Readonly<Record<string, string>>
  /** One candidate for each revision, named by the argument. */
  readonly revisions: readonly {
    readonly name: string
    readonly worktree: string
    readonly capture: Capture
  }[]
}

/** Decides a comparison of revisions that anyone made: a run whose candidates are there from the beginning. */
export function decideCompare(state: State, facts: CompareFacts): Verdict {
  const names = new Set(facts.revisions.map((revision) => revision.name))
  if (names.size < facts.revisions.length)
    return refuse('KAGE_USAGE', 'A revision is named twice.', 'Name each once.')
  const reserved = [...names].find((name) => name === 'base')
  if (reserved !== undefined) {
    return refuse(
      'KAGE_USAGE',
      'The name "base" is reserved.',
      'Name that revision otherwise, for example refs/heads/base.',
    )
  }
  const { repository, base, baseName, settings, guarded } = facts
  const task = `compare ${[...names].join(' ')}`
  const agents = facts.revisions.map(
    ({ name, worktree, capture }) =>
      ({
        name,
        agent: 'revision',
        role: 'revision',
        kind: 'revision',
        command: [],
        environment: [],
        branch: name,
        worktree,
        capture,
      }) as const,
  )
  const data = {
    mode: 'compare',
    task,
    repository,
    base,
    baseName,
    socket: null,
    settings,
    fingerprint: {},
    guarded,
    agents,
  } as const
  return { events: [draft('run.started', nextRunId([`r${numbersOf(state).run}`]), null, data)] }
}
