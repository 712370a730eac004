import { expect, test } from 'vitest'
import {
  addCall,
  addTurn,
  allowanceWord,
  callsWord,
  freshGuard,
  renewedGuard,
} from '../../src/agent/guard.ts'
import { limit } from '../../src/core/limit.ts'

const allowance = { turns: 10, tokens: 1000, usd: 1 }

test('at four fifths of any limit the model is told, at all of it the agent halts', () => {
  const used = (turns: number, tokens: number, usd: number | null): string => {
    let guard = freshGuard(allowance)
    for (let turn = 0; turn < turns; turn++) guard = addTurn(guard, 0, null)
    const word = allowanceWord({ ...guard, tokens, usd: usd ?? 0 })
    return word.kind === 'halt' ? word.text.replace(/:.*/, '') : word.kind
  }
  expect(used(7, 799, 0.79)).toBe('go')
  expect(used(8, 0, 0)).toBe('tell')
  expect(used(0, 800, 0)).toBe('tell')
  expect(used(0, 0, 0.8)).toBe('tell')
  expect(used(10, 0, 0)).toBe('turn limit of 10 reached')
  expect(used(0, 1000, 0)).toBe('token limit of 1000 reached')
  expect(used(0, 2000, 3)).toBe('token limit of 1000 reached')
  expect(used(0, 0, 1)).toBe('limit of $1 reached')
})

test('the model is told once, and no limit of money holds nothing', () => {
  expect(allowanceWord({ ...freshGuard(allowance), turns: 9, warned: true })).toEqual({ kind: 'go' })
  expect(allowanceWord({ ...freshGuard({ ...allowance, usd: null }), usd: 1e6 })).toEqual({ kind: 'go' })
  expect(addTurn(freshGuard(allowance), 5, null)).toMatchObject({ turns: 1, tokens: 5, usd: 0 })
})

test('what the person says gives another allowance only where it was spent, so that an interrupt is no new budget', () => {
  const used = { ...freshGuard(allowance), turns: 3, tokens: 300, usd: 0.3, warned: true }
  const halted = { ...used, calls: ['a', 'a'], failuresInRow: 5 }
  expect(renewedGuard(halted)).toEqual(used)
  expect(renewedGuard({ ...halted, usd: 1 })).toEqual(freshGuard(allowance))
})

test('calls that repeat, one, two or three in turn, are told at three and halt at five', () => {
  expect(words('aaaaa')).toBe('go go tell go halt')
  expect(words('ababababab')).toBe('go go go go go tell go go go halt')
  expect(words('abcabcabcabcabc')).toBe('go go go go go go go go tell go go go go go halt')
})

test('calls that change do not repeat', () => {
  expect(words('aabbccddee')).not.toMatch(/tell|halt/)
  expect(words('axayazawav')).not.toMatch(/tell|halt/)
  expect(words('aabaabba')).not.toMatch(/halt/)
  expect(words('xaaab')).toBe('go go go tell go')
})

test('only failures in a row count', () => {
  let guard = freshGuard(allowance)
  for (let index = 0; index < limit.toolFailuresInRow - 1; index++) guard = addCall(guard, `${index}`, false)
  expect(callsWord(guard).kind).toBe('go')
  expect(callsWord(addCall(guard, 'last', false)).kind).toBe('halt')
  expect(callsWord(addCall(addCall(guard, 'good', true), 'last', false)).kind).toBe('go')
})

/** What is said after each call of a row of letters. */
function words(calls: string): string {
  let guard = freshGuard(allowance)
  return Array.from(calls, (call) => {
    guard = addCall(guard, call, true)
    return callsWord(guard).kind
  }).join(' ')
}
