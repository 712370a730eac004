import { expect, test } from 'vitest'
import { newAlarms, type WatchedPart } from '../../src/core/alarm.ts'
import type { RunState } from '../../src/core/state.ts'

const baseline = {
  hashes: { config: 'c1', hook: 'h1' },
  texts: { config: { kind: 'config', text: 'a = 1\nb = 1\n' }, hook: { kind: 'hook', text: 'old' } },
} as const
const config: WatchedPart = { kind: 'config', subject: 'config', hash: 'c1', text: 'a = 1\nb = 1\n' }
const hook: WatchedPart = { kind: 'hook', subject: 'hook', hash: 'h1', text: 'old' }

function raised(
  parts: readonly WatchedPart[],
  alarms: RunState['alarms'] = [],
): ReturnType<typeof newAlarms> {
  const agents = [{ name: 'ada', status: 'working', worktreeState: 'present', since: '' }]
  const run = { alarms, agents } as unknown as RunState
  return newAlarms(run, baseline, parts, { sinceAt: '', elsewhere: [] })
}

test('what is as in the beginning raises nothing', () => {
  expect(raised([config, hook])).toEqual([])
})

test('of settings only the lines that differ are told, of other things the whole text', () => {
  expect(
    raised([
      { ...config, hash: 'c2', text: 'a = 1\nb = 2\n' },
      { ...hook, hash: 'h2', text: 'new' },
    ]),
  ).toEqual([
    {
      id: 'a1',
      kind: 'config',
      subject: 'config',
      before: 'b = 1',
      after: 'b = 2',
      agents: ['ada'],
      hash: 'c2',
    },
    { id: 'a2', kind: 'hook', subject: 'hook', before: 'old', after: 'new', agents: ['ada'], hash: 'h2' },
  ])
})

test('what went and what came are told with nothing on the other side', () => {
  const info: WatchedPart = { kind: 'info', subject: 'info', hash: 'i', text: 'x' }
  expect(raised([config, info])).toMatchObject([
    { subject: 'hook', before: 'old', after: null, hash: '' },
    { subject: 'info', before: null, after: 'x' },
  ])
})

test('what an alarm has told is not told again, also when it goes back to the beginning', () => {
  const alarm = {
    id: 'a1',
    kind: 'hook',
    subject: 'hook',
    hash: 'h2',
    before: '',
    after: '',
    agents: [],
    at: '',
    acknowledged: true,
  } as const
  expect(raised([config, { ...hook, hash: 'h2' }], [alarm])).toEqual([])
  expect(raised([config, hook], [alarm])).toEqual([])
  expect(raised([config, { ...hook, hash: 'h3' }], [alarm])).toMatchObject([{ id: 'a2', hash: 'h3' }])
})
