import { randomUUID } from 'node:crypto'
import { openStore } from '../../src/adapters/store/store.ts'
import { foldWith } from '../../src/core/archive/past.ts'
import { draft } from '../../src/core/draft.ts'
import type { AgentPlan } from '../../src/core/agent/plan.ts'
import type { EventDraft, KageEvent, RepositoryRecord } from '../../src/core/event.ts'
import { eventFormat } from '../../src/core/format/event-table.ts'
import { versionOf } from '../../src/core/format/read-event.ts'
import { changedRows, emptyState, type State, stateVersion } from '../../src/core/state.ts'

/** How the runs of a history ended. */
export type Ending = 'cleaned' | 'never cleaned'

const agents = ['ada', 'bo', 'cy']
const day = 86_400_000

/** Writes a store of that many runs of three agents each, which ended long ago and are archived, and one that ended today. */
export async function writeHistory(
  directory: string,
  { count, ending, record }: { count: number; ending: Ending; record: RepositoryRecord },
): Promise<void> {
  const store = await openStore(directory, { stateVersion, eventFormat })
  let state = emptyState
  for (let number = 1; number <= count + 1; number += 20) {
    const runs = Array.from({ length: Math.min(20, count + 2 - number) }, (_, at) => number + at)
    const drafts = runs.flatMap((each) => eventsOf(each, record, each > count ? null : ending))
    const before = state
    const events = drafts.map(([each, ageMs], at) => dated(each, before.seq + at + 1, ageMs))
    state = events.reduce<State>(fold, before)
    const rows = events.map((event) => ({ ...event, data: JSON.stringify(event.data) }))
    await store.append({ events: rows, state: changedRows(before, state) })
  }
  await store.close()
}

/** No run of the history was ever brought back. */
const fold = foldWith(() => null)

function dated(each: EventDraft, seq: number, ageMs: number): KageEvent {
  const at = new Date(Date.now() - ageMs).toISOString()
  return { ...each, seq, id: randomUUID(), at, v: versionOf(each.type) }
}

/** What a run told, with the age of each event. */
function eventsOf(number: number, record: RepositoryRecord, ending: Ending | null): [EventDraft, number][] {
  const run = `r${number}`
  const ageMs = ending === null ? day / 24 : 30 * day
  const worktree = (name: string): string =>
    `/home/person/.local/share/kage/worktrees/project-${record.key}/${run}-${name}`
  const started = draft('run.started', run, null, {
    mode: 'race',
    task: `Task ${number}: make the parser tell where a quotation that is not closed began, and test it`,
    repository: record,
    base: hex(number),
    baseName: 'HEAD',
    socket: '/tmp/tmux-1000/default',
    settings: { config: ['core.autocrlf=false', 'core.eol=lf'], attributes: '*.png binary\n', exclude: '' },
    largeFileBytes: 100_000_000,
    fingerprint: {},
    guarded: Object.fromEntries(Array.from({ length: 16 }, (_, at) => [`.git/hooks/hook-${at}`, hex(at)])),
    git: 'own',
    refs: 'some',
    agents: agents.map((name): AgentPlan => ({
      name,
      agent: name,
      role: 'coder',
      kind: 'command',
      command: ['/usr/local/bin/agent', '--task'],
      environment: ['PATH', 'HOME', 'LANG', 'TERM'],
      branch: `kage/${run}/${name}`,
      worktree: worktree(name),
      capture: null,
    })),
  })
  const told = [
    started,
    ...agents.flatMap((name) => lifeOf(run, name, number)),
    ...landingOf(run, number, record),
  ]
  const cleaned = [
    draft('run.cleaning', run, null, { force: false }),
    ...agents.flatMap((name) => [
      draft('pane.closed', run, name, {}),
      draft('worktree.removed', run, name, {}),
    ]),
  ]
  const end = ending === 'cleaned' ? cleaned : []
  const archived =
    ending === null
      ? []
      : [draft('run.archived', run, null, { reason: ending === 'cleaned' ? 'cleaned' : 'age' })]
  return [
    ...[...told, ...end].map((each): [EventDraft, number] => [each, ageMs]),
    ...archived.map((each): [EventDraft, number] => [each, ageMs - day]),
  ]
}

function lifeOf(run: string, name: string, number: number): EventDraft[] {
  const server = { socket: '/tmp/tmux-1000/default', pid: 4711, startedAt: 1_700_000_000 }
  const program = {
    pid: 10_000 + number,
    startTicks: number,
    bootId: hex(7).slice(0, 32),
    launcherPid: 9_000,
  }
  const capture = {
    tree: hex(3 * number),
    commit: hex(5 * number),
    changed: { files: 4, added: 80, deleted: 12 },
  }
  return [
    draft('worktree.added', run, name, {
      gitDir: `/home/person/.local/share/kage/git/${run}-${name}.git`,
      kind: 'own',
    }),
    draft('pane.opened', run, name, {
      server,
      pane: `%${number}`,
      attempt: 1,
      gate: `gate-${run}-${name}`,
      spool: 'two',
    }),
    draft('agent.started', run, name, { process: program }),
    ...Array.from({ length: 4 }, (_, at) =>
      draft('agent.reported', run, name, { status: 'working', message: `step ${at}`, outbox: 100 * at }),
    ),
    draft('agent.exited', run, name, { code: 0, signal: null, source: 'exit file', message: 'exit 0' }),
    draft('candidate.captured', run, name, { ...capture, final: true }),
    draft('branch.published', run, name, { commit: hex(11 * number), tip: hex(13 * number) }),
  ]
}

/** Every other run has landed something. */
function landingOf(run: string, number: number, record: RepositoryRecord): EventDraft[] {
  if (number % 2 === 0) return []
  const undo = `u${(number + 1) / 2}`
  const base = { mode: '100644', oid: hex(17 * number) } as const
  const added = Array.from({ length: 6 }, (_, at) => ({
    kind: 'atom' as const,
    path: `src/file-${at}.ts`,
    base,
    atom: { start: 10 * at, end: 10 * at + 2, text: 'one\ntwo\nthree\n' },
    source: ['ada'],
  }))
  const landing = {
    undo,
    command: randomUUID(),
    repository: record.key,
    target: record.root,
    removed: [],
    added,
    from: hex(19 * number),
    tree: hex(23 * number),
    commit: null,
    paths: added.map(({ path }) => path),
  }
  return [
    draft('regions.numbered', run, null, { keys: Array.from({ length: 12 }, (_, at) => hex(at + number)) }),
    draft('merge.prepared', run, null, landing),
    draft('merge.landed', run, null, { undo }),
  ]
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0').repeat(5)
}
