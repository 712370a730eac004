import { expect, test } from 'vitest'
import type { ObservedAgent, ObservedPane } from '../../src/core/observed.ts'
import { observe } from '../../src/core/observe.ts'
import { begun, exited, program, server, stateAfter, type Told } from '../support/agent-story.ts'

const pane: ObservedPane = { id: '%1', agent: 'r1/coder', dead: false, deadStatus: null, deadSignal: null }
const alive: ObservedAgent = {
  started: program,
  exit: null,
  process: 'alive',
  worktree: true,
  reports: [],
  reportsLeft: false,
  lastSignMs: null,
}

function check(
  told: readonly Told[],
  seen: Partial<ObservedAgent>,
  panes: readonly ObservedPane[] = [pane],
  pid = 1,
): string[] {
  const servers = { [server.socket]: { pid, startedAt: 1, panes } }
  const events = observe(stateAfter(...told), { servers, agents: { 'r1/coder': { ...alive, ...seen } } }, 0)
  return events.map(({ type, data }) => ('message' in data ? `${type}: ${data.message}` : type))
}

test('nothing new is no event', () => {
  expect(check(begun, {})).toEqual([])
})

test('a program that began is noted once', () => {
  expect(check(begun.slice(0, 2), {})).toEqual(['agent.started'])
})

test('an exit file is believed before anything else', () => {
  const exit = { code: 0, signal: null, source: 'exit file', message: 'exit 0' } as const
  expect(check(begun, { exit, process: 'gone' }, [{ ...pane, dead: true, deadStatus: 9 }])).toEqual([
    'agent.exited: exit 0',
  ])
})

test('a dead pane tells the end where no file does', () => {
  const dead = { ...pane, dead: true, deadStatus: 3 }
  expect(check(begun, { process: 'gone' }, [dead])).toEqual(['agent.exited: ended with exit status 3'])
})

test('a dead process is never shown alive', () => {
  expect(check(begun, { process: 'gone' })).toEqual([
    'agent.exited: its process is gone and left no exit status',
  ])
  expect(check(begun, { process: 'other' })).toEqual([
    'agent.exited: its process is gone and left no exit status',
  ])
})

test('a pane closed by hand leaves a doubt while the process lives', () => {
  expect(check(begun, {}, [])).toEqual([
    'pane.lost: its pane was closed by someone else',
    'agent.doubted: its pane is gone, but its process goes on',
  ])
})

test('a pane of the same number in another server is not that pane', () => {
  expect(check(begun, {}, [pane], 2)[0]).toBe('pane.lost: its tmux server is gone')
})

test('a worktree removed by hand is noted', () => {
  expect(check([...begun, exited(0)], { worktree: false })).toEqual([
    'worktree.lost: its worktree was removed by someone else',
  ])
})

test('an agent that was not looked at gets no event', () => {
  expect(observe(stateAfter(...begun), { servers: {}, agents: {} }, 0)).toEqual([])
})
