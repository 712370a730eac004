import { expect, test } from 'vitest'
import { decisionChange, decisionsKept, decisionsOf } from '../../src/core/landing.ts'
import type { Decision } from '../../src/core/merge/change.ts'
import { emptyState, type LandingState, type State } from '../../src/core/state.ts'

function atom(start: number, text: string, source = 'a'): Decision {
  const base = { mode: '100644', oid: 'b'.repeat(40) }
  return { kind: 'atom', path: 'f', base, atom: { start, end: start + 1, text }, source: [source] }
}

function landed(...landings: Partial<LandingState>[]): State {
  const whole = landings.map((landing, index): LandingState => ({
    undo: `u${index + 1}`,
    repository: 'r',
    target: '/t',
    removed: [],
    added: [],
    tree: '',
    commit: null,
    paths: ['f'],
    command: 'c',
    run: 'r1',
    at: '',
    phase: 'landed',
    ...landing,
  }))
  return { ...emptyState, landings: Object.fromEntries(whole.map((landing) => [landing.undo, landing])) }
}

test('landings of one run and target add up', () => {
  const state = landed(
    { added: [atom(1, 'x\n')] },
    { added: [atom(5, 'y\n')] },
    { added: [atom(9, 'z\n')], target: '/other' },
  )
  expect(decisionsOf(state, 'r1', '/t')).toEqual([atom(1, 'x\n'), atom(5, 'y\n')])
  expect(decisionsOf(state, 'r1', null)).toHaveLength(3)
  expect(decisionsOf(state, 'r2', '/t')).toEqual([])
})

test('an undone landing takes its decisions with it, the later ones stay', () => {
  const state = landed({ added: [atom(1, 'x\n')], phase: 'undone' }, { added: [atom(5, 'y\n')] })
  expect(decisionsOf(state, 'r1', '/t')).toEqual([atom(5, 'y\n')])
})

test('a landing that is only prepared decides nothing', () => {
  expect(decisionsOf(landed({ added: [atom(1, 'x\n')], phase: 'prepared' }), 'r1', '/t')).toEqual([])
})

test('the same bytes from another agent are the same decision', () => {
  const before = [atom(1, 'x\n', 'a'), atom(5, 'y\n')]
  const after = [atom(1, 'x\n', 'b'), atom(9, 'z\n')]
  expect(decisionChange(before, after)).toEqual({ removed: [atom(5, 'y\n')], added: [atom(9, 'z\n')] })
  expect(decisionsKept(before, after)).toEqual([atom(1, 'x\n', 'a')])
})
