import { expect, test } from 'vitest'
import { type Comment, commentsOf } from '../../../src/core/comment.ts'
import { decideComment } from '../../../src/core/decide/comment.ts'
import { limit } from '../../../src/core/limit.ts'
import type { State } from '../../../src/core/state.ts'
import { stateAfter, type Told } from '../../support/agent-story.ts'

const comment: Comment = { id: 'c1', agents: ['coder'], place: 'f:2', message: 'use words' }
const other = { ...comment, id: 'c2', place: 'f:9' }
const wrote = (each: Comment): Told => ['comment.written', { target: '/t', ...each }]
const sent = (outcome: 'submitted' | 'refused', ...comments: string[]): Told => [
  'message.sent',
  { outcome, bytes: 3, comments },
]

test('a comment is kept, written anew, and dropped without words', () => {
  expect(kept(wrote(comment), wrote(other))).toEqual([comment, other])
  expect(kept(wrote(comment), wrote(other), wrote({ ...comment, message: 'no' }))).toEqual([
    { ...comment, message: 'no' },
    other,
  ])
  expect(kept(wrote(comment), wrote({ ...comment, message: '' }))).toEqual([])
})

test('a comment stays until each of its agents has got it', () => {
  const both = { ...comment, agents: ['coder', 'another'] }
  expect(kept(wrote(both), wrote(other), sent('submitted', 'c1'))).toEqual([
    { ...both, agents: ['another'] },
    other,
  ])
  expect(kept(wrote(comment), sent('refused', 'c1'))).toEqual([comment])
  expect(kept(wrote(comment), sent('submitted', 'c1'))).toEqual([])
})

test('a comment to a stranger, and one too many, are refused', () => {
  expect(decided(stateAfter(), comment)).toMatchObject({ events: [{ data: comment }] })
  expect(decided(stateAfter(), { ...comment, agents: ['nobody'] })).toMatchObject({
    refusal: { code: 'KAGE_AGENT_UNKNOWN' },
  })
  const many = Array.from({ length: limit.commentsKept }, (_, index) => wrote({ ...comment, id: `${index}` }))
  expect(decided(stateAfter(...many), comment)).toMatchObject({ refusal: { code: 'KAGE_LIMIT' } })
  expect(decided(stateAfter(...many), { ...comment, id: '0' })).toMatchObject({ events: [{}] })
})

function kept(...told: readonly Told[]): readonly Comment[] {
  return commentsOf(stateAfter(...told), 'r1', '/t')
}

function decided(state: State, each: Comment): ReturnType<typeof decideComment> {
  return decideComment(state, { run: 'r1', target: '/t', comment: each })
}
