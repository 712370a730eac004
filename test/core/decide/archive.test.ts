import { expect, test } from 'vitest'
import { decideArchive } from '../../../src/core/decide/archive.ts'
import type { Decision } from '../../../src/core/merge/change.ts'
import type { RaisedAlarm } from '../../../src/core/alarm.ts'
import { begun, exited, stateAfter, type Told } from '../../support/agent-story.ts'

const day = 86_400_000
const beganMs = Date.parse('2026-01-01T00:00:00Z')
const capture = { tree: 't', commit: 'c', changed: { files: 1, added: 1, deleted: 0 }, final: true }
const over: readonly Told[] = [...begun, exited(0), ['candidate.captured', capture]]
const cleaned: readonly Told[] = [
  ...over,
  ['run.cleaning', { force: false }],
  ['pane.closed', {}],
  ['worktree.removed', {}],
]
const alarm: RaisedAlarm = {
  id: 'a1',
  kind: 'config',
  subject: 'config',
  before: null,
  after: 'x',
  agents: ['coder'],
  hash: 'h',
}
const decided = { kind: 'unit', path: 'f', base: null, entry: null, source: ['coder'] } as unknown as Decision
const change = { target: '/r', removed: [], added: [decided] }
const landing = {
  undo: 'u1',
  command: 'c',
  repository: 'r',
  target: '/r',
  removed: [],
  added: [],
  tree: 't',
  commit: null,
  paths: ['f'],
}
const comment = { target: '/r', id: 'k', agents: ['coder'], place: 'f:1', message: 'why?' }

test.each<[string, readonly Told[], number | null, number, 'cleaned' | 'age' | null]>([
  ['at work', begun, 14, 99, null],
  ['ended just now', over, 14, 0, null],
  ['ended 13 days ago', over, 14, 13, null],
  ['ended 15 days ago', over, 14, 15, 'age'],
  ['ended long ago and kept for ever', over, null, 999, null],
  ['ended long ago and not captured yet', [...begun, exited(0)], 14, 15, null],
  [
    'ended long ago and never to be captured',
    [...begun, exited(0), ['candidate.failed', { message: 'no' }]],
    14,
    15,
    'age',
  ],
  ['cleaned', cleaned, 14, 0, 'cleaned'],
  ['cleaned where runs are kept for ever', cleaned, null, 0, 'cleaned'],
  ['being cleaned', cleaned.slice(0, -1), 14, 0, null],
  ['whose pane is being closed', cleaned.filter(([type]) => type !== 'pane.closed'), 14, 0, null],
  [
    'of which the worktree could not be removed',
    [...cleaned.slice(0, -1), ['worktree.kept', { message: 'busy' }]],
    14,
    0,
    null,
  ],
  ['with a pending decision', [...cleaned, ['decisions.changed', change]], 14, 99, null],
  [
    'of which the decision was taken back',
    [
      ...cleaned,
      ['decisions.changed', change],
      ['decisions.changed', { ...change, removed: [decided], added: [] }],
    ],
    14,
    0,
    'cleaned',
  ],
  ['with a comment to be sent', [...cleaned, ['comment.written', comment]], 14, 99, null],
  ['with an open alarm', [...cleaned, ['alarm.raised', { alarms: [alarm] }]], 14, 99, null],
  [
    'with an acknowledged alarm',
    [...cleaned, ['alarm.raised', { alarms: [alarm] }], ['alarm.acknowledged', { ids: ['a1'] }]],
    14,
    0,
    'cleaned',
  ],
  ['with a landing under way', [...cleaned, ['merge.prepared', landing]], 14, 99, null],
  [
    'with a landing that stands',
    [...cleaned, ['merge.prepared', landing], ['merge.landed', { undo: 'u1' }]],
    14,
    0,
    'cleaned',
  ],
  [
    'with an undo under way',
    [
      ...cleaned,
      ['merge.prepared', landing],
      ['merge.landed', { undo: 'u1' }],
      ['merge.undoing', { undo: 'u1', command: 'd' }],
    ],
    14,
    99,
    null,
  ],
  ['that was opened again just now', [...cleaned, ['run.reopened', {}]], 14, 0, null],
  ['that was opened again two days ago', [...cleaned, ['run.reopened', {}]], 14, 2, 'cleaned'],
  ['old, and opened again two days ago', [...over, ['run.reopened', {}]], 1, 0.5, null],
])('a run %s', (_, told, days, after, reason) => {
  const state = stateAfter(...told)
  const facts = { days: new Map([['r', days]]), nowMs: beganMs + 60_000 + after * day }
  const events = decideArchive(state, facts, 9)
  expect(events.map(({ type, run, data }) => [type, run, data])).toEqual(
    reason === null ? [] : [['run.archived', 'r1', { reason }]],
  )
})

test('runs of a repository that is not asked for stay, and no more than wanted go at once', () => {
  const state = stateAfter(...cleaned)
  const run = state.runs['r1']!
  const many = { ...state, runs: { r1: run, r2: { ...run, id: 'r2' }, r3: { ...run, id: 'r3' } } }
  const due = (days: ReadonlyMap<string, number | null>): unknown[] =>
    decideArchive(many, { days, nowMs: beganMs + day }, 2).map((event) => event.run)
  expect(due(new Map([['r', 14]]))).toEqual(['r1', 'r2'])
  expect(due(new Map())).toEqual([])
})
