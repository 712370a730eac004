import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bringBack,
  foldWith,
  momentsOf,
  type Past,
  pastOf,
  rowIn,
  withReopened,
} from '../../../src/core/archive/past.ts'
import { foldWholeLog } from '../../../src/core/archive/whole-log.ts'
import { archivedRuns } from '../../../src/core/archive/archive.ts'
import { decideSpawn } from '../../../src/core/decide/spawn.ts'
import { draft } from '../../../src/core/draft.ts'
import type { EventDraft, KageEvent } from '../../../src/core/event.ts'
import { decisionsOf, pendingOf } from '../../../src/core/landing.ts'
import type { Decision } from '../../../src/core/merge/change.ts'
import { numbersOf } from '../../../src/core/numbers.ts'
import { runView } from '../../../src/core/protocol/view.ts'
import { reduce } from '../../../src/core/reduce.ts'
import {
  changedRows,
  emptyState,
  type RunState,
  type State,
  stateOfSlices,
  valueOfRow,
} from '../../../src/core/state.ts'
import { program, server } from '../../support/agent-story.ts'
import { holds } from '../../support/property.ts'
import { goodFacts, plainRequest } from '../../support/spawn-facts.ts'

const runs = ['r1', 'r2', 'r3']

/** What may happen to a run, in whatever order; `n` tells one from another. */
const happenings: readonly ((run: string, n: number) => EventDraft[])[] = [
  (run) => [draft('worktree.added', run, 'coder', { gitDir: `/r/.git/worktrees/${run}` })],
  (run) => [draft('pane.opened', run, 'coder', { server, pane: '%1', attempt: 1, gate: 'g' })],
  (run) => [draft('agent.started', run, 'coder', { process: program })],
  (run, n) => [
    draft('agent.reported', run, 'coder', { status: 'waiting', message: `waits ${n}`, outbox: n }),
  ],
  (run) => [
    draft('agent.exited', run, 'coder', { code: 0, signal: null, source: 'exit file', message: 'exit 0' }),
  ],
  (run, n) => [draft('candidate.captured', run, 'coder', captureOf(n))],
  (run, n) => [draft('candidate.failed', run, 'coder', { message: `no ${n}` })],
  (run, n) => [
    draft('action.failed', run, 'coder', {
      action: 'branch.publish',
      attempt: n,
      code: 'KAGE_GIT_FAILED',
      reason: 'no',
    }),
  ],
  (run) => [draft('branch.published', run, 'coder', { commit: 'c', tip: 't' })],
  (run, n) => [draft('agent.requeued', run, 'coder', { by: 'you', attempt: n })],
  (run) => [draft('run.cleaning', run, null, { force: false }), draft('worktree.removed', run, 'coder', {})],
  (run, n) => [
    draft('decisions.changed', run, null, { target: '/r', removed: [], added: [unit(n)], kept: [`k${n}`] }),
  ],
  (run, n) => [
    draft('comment.written', run, null, {
      target: '/r',
      id: `${n}`,
      agents: ['coder'],
      place: 'f',
      message: 'why',
    }),
  ],
  (run, n) => [draft('message.sent', run, 'coder', { outcome: 'submitted', bytes: 1, comments: [`${n}`] })],
  (run, n) => [draft('regions.numbered', run, null, { keys: [`k${n}`] })],
  (run, n) => [draft('alarm.raised', run, null, { alarms: [alarmOf(n)] })],
  (run, n) => [draft('alarm.acknowledged', run, null, { ids: [`a${n}`] })],
  (run, n) => [draft('notice.raised', run, null, { notices: [noticeOf(n)] })],
  (run, n) => [draft('ref.restored', run, null, { ids: [`n${n}`] })],
  (run) => [draft('conflict.resolved', run, null, { repository: 'r', resolutions: [] })],
  () => [draft('daemon.started', null, null, { version: '1', pid: 1, epoch: 1 })],
  (_, n) => [draft('repository.moved', null, null, { repository: 'r', from: place(n), to: place(n + 1) })],
]

type Step =
  | { readonly kind: 'happens'; readonly run: string; readonly what: number; readonly n: number }
  | { readonly kind: 'lands' | 'undoes'; readonly run: string; readonly n: number }
  | { readonly kind: 'archive' | 'reopen' | 'show'; readonly run: string }

const run = fc.constantFrom(...runs)
const number = fc.integer({ min: 1, max: 4 })
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('happens'),
      run,
      what: fc.nat({ max: happenings.length - 1 }),
      n: number,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('lands', 'undoes'), run, n: number }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('archive', 'reopen', 'show'), run }) },
)

test('whatever happens, runs that are archived and brought back anywhere are as if they never had been', () => {
  holds(
    fc.property(fc.array(anyStep, { maxLength: 60, size: 'max' }), (steps) => {
      const world = newWorld()
      for (const step of steps) perform(world, step)
      expect(untouched(whole(world))).toEqual(world.plain)
      expect(Object.keys(whole(world).runs)).toEqual(Object.keys(world.plain.runs))
      expect(Object.keys(whole(world).landings)).toEqual(Object.keys(world.plain.landings))
      // A fold of all events, and the rows of the store, are the same state to the letter.
      expect(JSON.stringify(world.log.reduce(foldWith(finder(world)), emptyState))).toBe(
        JSON.stringify(world.state),
      )
      const log = foldWholeLog(finder(world))
      for (const event of world.log) log.add(event)
      expect(log.state()).toEqual(world.state)
      const stored = [...world.rows].map(([key, value]) => ({ key, value: valueOfRow({ key, value }) }))
      expect(stateOfSlices(world.state.seq, stored)).toEqual(world.state)
    }),
  )
})

test('a row shows what the run shows, and no number is given out again', () => {
  holds(
    fc.property(fc.array(anyStep, { maxLength: 60, size: 'max' }), (steps) => {
      const world = newWorld()
      for (const step of steps) perform(world, step)
      expect(numbersOf(world.state)).toEqual(numbersOf(world.plain))
      for (const id of runs) {
        const past = world.plain.runs[id] as RunState
        archive(world, id)
        const row = rowIn(world.state, id)
        expect(row).not.toBeNull()
        if (row === null || past.alarms.some(({ acknowledged }) => !acknowledged)) continue
        expect(withoutFailures(runView(row, 't'))).toEqual(withoutFailures(runView(past, 't')))
      }
      expect(archivedRuns(world.state.archive).map(({ id }) => id)).toEqual(runs)
      expect(world.state).toMatchObject({ runs: {}, landings: {} })
      expect([...world.rows.keys()].filter((key) => key.startsWith('pending/'))).toEqual([])
    }),
    100,
  )
})

test('the event of an archived run brings it back first, once', () => {
  const world = newWorld()
  archive(world, 'r1')
  const said = draft('agent.reported', 'r1', 'coder', { status: 'working', message: 'again' })
  const types = (...drafts: EventDraft[]): string[] =>
    withReopened(world.state, drafts).map(({ type }) => type)
  expect(types(said, said)).toEqual(['run.reopened', 'agent.reported', 'agent.reported'])
  expect(types(draft('branch.deleted', 'r1', 'coder', { branch: 'b', commit: 'c' }))).toEqual([
    'branch.deleted',
  ])
  expect(types({ ...said, run: 'r2' })).toEqual(['agent.reported'])
  expect(types(draft('run.reopened', 'r1', null, {}))).toEqual(['run.reopened'])
})

test('a run whose beginning is lost stays archived', () => {
  const world = newWorld()
  archive(world, 'r1')
  const lost = foldWith(() => pastOf('r1', [], momentsOf(world.state, 'r')))
  const event = eventOf(draft('run.reopened', 'r1', null, {}), world.state.seq + 1)
  expect(lost(world.state, event)).toEqual({ ...world.state, seq: event.seq })
})

/** Two states of the same events: one in which nothing is archived, and one in which runs come and go. */
interface World {
  plain: State
  state: State
  readonly log: KageEvent[]
  readonly rows: Map<string, string>
  undo: number
}

function newWorld(): World {
  const world: World = { plain: emptyState, state: emptyState, log: [], rows: new Map(), undo: 0 }
  for (const _ of runs) {
    const verdict = decideSpawn(world.plain, { ...plainRequest, task: 't', count: 1 }, goodFacts)
    if ('events' in verdict) tell(world, verdict.events)
  }
  return world
}

function perform(world: World, step: Step): void {
  switch (step.kind) {
    case 'happens':
      return tell(world, happenings[step.what]?.(step.run, step.n) ?? [])
    case 'lands':
      return land(world, step.run, step.n)
    case 'undoes':
      return undo(world, step.run)
    case 'archive':
      return archive(world, step.run)
    case 'reopen':
      if (rowIn(world.state, step.run) !== null) append(world, draft('run.reopened', step.run, null, {}))
      return
    case 'show':
      expect(untouched(shown(world, step.run)).runs[step.run]).toEqual(world.plain.runs[step.run])
      for (const target of ['/r', '/r0', 'refs/heads/main']) {
        const now = shown(world, step.run)
        expect(decisionsOf(now, step.run, target)).toEqual(decisionsOf(world.plain, step.run, target))
        expect(pendingOf(now, step.run, target)).toEqual(pendingOf(world.plain, step.run, target))
      }
  }
}

function land(world: World, id: string, n: number): void {
  world.undo += 1
  const name = `u${world.undo}`
  const landing = { undo: name, command: 'c', repository: 'r', target: '/r', tree: 't', commit: null }
  const change = { removed: [], added: [unit(n)], paths: Array.from({ length: 3 * n }, (_, at) => `f${at}`) }
  const review = n % 2 === 0 ? { review: '/r' } : {}
  tell(world, [draft('merge.prepared', id, null, { ...landing, ...change, ...review })])
  tell(world, [
    n === 3
      ? draft('merge.dropped', id, null, { undo: name, message: 'no', foreign: [] })
      : draft('merge.landed', id, null, { undo: name }),
  ])
}

function undo(world: World, id: string): void {
  const last = Object.values(world.plain.landings).findLast(
    ({ run: of, phase }) => of === id && phase === 'landed',
  )
  if (last === undefined) return
  tell(world, [draft('merge.undoing', id, null, { undo: last.undo, command: 'd' })])
  tell(world, [draft('merge.undone', id, null, { undo: last.undo })])
}

function archive(world: World, id: string): void {
  if (Object.hasOwn(world.state.runs, id)) append(world, draft('run.archived', id, null, { reason: 'age' }))
}

/** What happens is told to both. Numbers leave room for the events of the archive between. */
function tell(world: World, drafts: readonly EventDraft[]): void {
  for (const each of drafts) {
    for (const wanted of withReopened(world.state, [each])) if (wanted !== each) append(world, wanted)
    const event = eventOf(each, world.plain.seq + 100)
    world.plain = reduce(world.plain, event)
    keep(world, event)
  }
}

function append(world: World, each: EventDraft): void {
  keep(world, eventOf(each, world.state.seq + 1))
}

function keep(world: World, event: KageEvent): void {
  const before = world.state
  world.state = foldWith(finder(world))(before, event)
  world.log.push(event)
  for (const { key, value } of changedRows(before, world.state))
    if (value === null) world.rows.delete(key)
    else world.rows.set(key, value)
}

function finder({ log }: World): (id: string, state: State) => Past | null {
  return (id, state) => {
    const own = log.filter((event) => event.run === id && event.seq <= state.seq)
    return pastOf(id, own, momentsOf(state, 'r'))
  }
}

function shown(world: World, id: string): State {
  return rowIn(world.state, id) === null
    ? world.state
    : bringBack(world.state, id, finder(world)(id, world.state))
}

function whole(world: World): State {
  return runs.reduce(
    (state, id) => (rowIn(state, id) === null ? state : bringBack(state, id, finder(world)(id, state))),
    world.state,
  )
}

/** Without what tells only that runs were away. */
function untouched(state: State): State {
  const back = Object.entries(state.runs).map(([id, each]) => [id, { ...each, reopened: null }])
  const moves = state.repositories['r']?.moves
  const { repositories } = moves === undefined || moves.length === 0 ? emptyState : newRepositories(state)
  return { ...state, seq: plainSeq(state.seq), runs: Object.fromEntries(back) as State['runs'], repositories }
}

function newRepositories({ repositories }: State): Pick<State, 'repositories'> {
  const { moves = [] } = repositories['r'] ?? {}
  const highest = { run: 0, undo: 0 }
  const nothing = { record: null, acknowledged: [], keyNames: [], environment: [], prefixes: [], highest }
  return { repositories: { r: { ...nothing, moves } } }
}

function plainSeq(seq: number): number {
  return Math.floor(seq / 100) * 100
}

function withoutFailures(view: ReturnType<typeof runView>): unknown {
  const agents = view.agents.map((agent) => ({ ...agent, uncaptured: null, reason: null }))
  return { ...view, agents }
}

function eventOf(each: EventDraft, seq: number): KageEvent {
  return { ...each, seq, id: `e${seq}`, at: new Date(1_000 * seq).toISOString(), v: 1 }
}

function unit(n: number): Decision {
  const base = { mode: '100644', oid: `${n}`.repeat(40) }
  const atom = { start: 2 * n, end: 2 * n + 1, text: `x${n}\n` }
  return { kind: 'atom', path: `f${n}`, base, atom, source: ['coder'] } as unknown as Decision
}

function captureOf(n: number): Parameters<typeof draft<'candidate.captured'>>[3] {
  return { tree: `t${n}`, commit: `c${n}`, changed: { files: n, added: n, deleted: 0 }, final: n > 1 }
}

function alarmOf(n: number): Parameters<typeof draft<'alarm.raised'>>[3]['alarms'][number] {
  return {
    id: `a${n}`,
    kind: 'config',
    subject: 's',
    before: null,
    after: 'x',
    agents: ['coder'],
    hash: `h${n}`,
  }
}

function noticeOf(n: number): Parameters<typeof draft<'notice.raised'>>[3]['notices'][number] {
  return { id: `n${n}`, kind: 'ref', name: `refs/heads/${n}`, before: 'b', after: null, agents: ['coder'] }
}

function place(n: number): string {
  return n % 2 === 0 ? '/r0' : '/r'
}
