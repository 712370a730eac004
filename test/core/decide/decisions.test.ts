import { expect, test } from 'vitest'
import { decideDecisions, type DecisionsFacts } from '../../../src/core/decide/decisions.ts'
import { limit } from '../../../src/core/limit.ts'
import type { AtomDecision, Decision, UnitDecision } from '../../../src/core/merge/change.ts'
import { stateAfter } from '../../support/agent-story.ts'

const base = { mode: '100644', oid: 'b'.repeat(40) }
const blob = { mode: '100644', oid: 'c'.repeat(40) }
const facts: DecisionsFacts = {
  agents: ['coder'],
  candidates: [],
  base: new Map([
    ['f', base],
    ['kept', blob],
  ]),
  lines: new Map([[base.oid, 9]]),
  blobs: new Set([blob.oid]),
}
const atom: AtomDecision = {
  kind: 'atom',
  path: 'f',
  base,
  atom: { start: 1, end: 2, text: 'x\n' },
  source: ['coder'],
}
const unit: UnitDecision = {
  kind: 'unit',
  unit: 'add',
  path: 'new',
  base: null,
  entry: blob,
  source: ['coder'],
}

const unmoved: UnitDecision = {
  kind: 'unit',
  unit: 'rename',
  path: 'f',
  base,
  entry: base,
  source: ['coder'],
}
const move: UnitDecision = { ...unmoved, to: 'g' }

test('what is decided is kept as the difference it makes', () => {
  expect(decided([atom, unit], [atom])).toMatchObject({
    events: [{ data: { removed: [], added: [atom, unit] } }],
  })
  expect(decided([], [atom])).toEqual({ events: [] })
})

test('where the base is kept is told as the difference it makes, beside what is decided', () => {
  const events = (
    kept: readonly string[],
    unkept: readonly string[],
    added: readonly Decision[] = [],
  ): unknown => decideDecisions(keeping, { run: 'r1', target: '/t', removed: [], added, kept, unkept }, facts)
  const keeping = stateAfter([
    'decisions.changed',
    { target: '/t', removed: [], added: [], kept: ['a', 'b'] },
  ])
  expect(keeping.runs['r1']?.kept).toEqual({ '/t': ['a', 'b'] })
  expect(events(['a'], ['c'])).toEqual({ events: [] })
  expect(events(['c', 'a'], ['b'], [atom])).toMatchObject({
    events: [{ data: { added: [atom], kept: ['c'], unkept: ['b'] } }],
  })
  const many = Array.from({ length: limit.decisionsPending + 1 }, (_, index) => `key ${index}`)
  expect(events(many, [])).toMatchObject({ refusal: { code: 'KAGE_LIMIT' } })
})

test.each<[string, Decision, string]>([
  ['an unknown agent', { ...atom, source: ['nobody'] }, 'KAGE_AGENT_UNKNOWN'],
  ['another base', { ...atom, base: blob }, 'KAGE_REVIEW_DIFFERS'],
  ['another mode of the base', { ...atom, base: { ...base, mode: '100755' } }, 'KAGE_REVIEW_DIFFERS'],
  ['a file that is not in the base', { ...atom, path: 'g' }, 'KAGE_REVIEW_DIFFERS'],
  ['lines beyond the end', { ...atom, atom: { start: 9, end: 10, text: '' } }, 'KAGE_REVIEW_DIFFERS'],
  [
    'lines that end before they begin',
    { ...atom, atom: { start: 2, end: 1, text: '' } },
    'KAGE_REVIEW_DIFFERS',
  ],
  ['a text that is no bytes', { ...atom, atom: { start: 1, end: 2, text: '影\n' } }, 'KAGE_USAGE'],
  ['a new file over an old one', { ...unit, path: 'f' }, 'KAGE_REVIEW_DIFFERS'],
  ['the removal of nothing', { ...unit, entry: null }, 'KAGE_USAGE'],
  ['a removal with a text', { ...unit, path: 'f', base, entry: null, content: '' }, 'KAGE_USAGE'],
  ['a text with a name', { ...unit, content: 'x\n' }, 'KAGE_USAGE'],
  ['a link with a text', { ...unit, entry: { mode: '120000', oid: '' }, content: 'x' }, 'KAGE_USAGE'],
  ['a submodule without a commit', { ...unit, entry: { mode: '160000', oid: '' } }, 'KAGE_USAGE'],
  [
    'an object that is not there',
    { ...unit, entry: { mode: '100644', oid: 'd'.repeat(40) } },
    'KAGE_REVIEW_DIFFERS',
  ],
  ['a rename to nowhere', unmoved, 'KAGE_USAGE'],
  ['a rename of nothing', { ...move, path: 'g', base: null, to: 'h' }, 'KAGE_USAGE'],
  ['a rename with another content', { ...move, entry: blob }, 'KAGE_USAGE'],
  ['a new path for what is no rename', { ...unit, to: 'g' }, 'KAGE_USAGE'],
  ['a rename onto a file of the base', { ...move, to: 'kept' }, 'KAGE_CHOICES_EXCLUDE'],
  ['a mode that removes', { ...move, unit: 'mode', entry: null }, 'KAGE_USAGE'],
])('%s refuses', (_, decision, code) => {
  expect(decided([atom, decision])).toMatchObject({ refusal: { code } })
})

test('a rename stands beside lines of the file, and excludes its removal', () => {
  expect(decided([atom, move])).toMatchObject({ events: [{ data: { added: [atom, move] } }] })
  expect(decided([move, { ...unmoved, unit: 'delete', entry: null }])).toMatchObject({
    refusal: { code: 'KAGE_CHOICES_EXCLUDE' },
  })
})

test('decisions that exclude each other refuse', () => {
  const other = { ...atom, atom: { ...atom.atom, text: 'y\n' } }
  expect(decided([atom, other])).toMatchObject({ refusal: { code: 'KAGE_CHOICES_EXCLUDE' } })
  expect(decided([unit, { ...unit, path: 'new/below' }])).toMatchObject({
    refusal: { code: 'KAGE_CHOICES_EXCLUDE' },
  })
})

test('more than may be pending refuses', () => {
  const large = { ...atom, atom: { ...atom.atom, text: 'x'.repeat(limit.decisionsBytes + 1) } }
  expect(decided([large])).toMatchObject({ refusal: { code: 'KAGE_LIMIT' } })
})

function decided(
  added: readonly Decision[],
  removed: readonly Decision[] = [],
): ReturnType<typeof decideDecisions> {
  return decideDecisions(stateAfter(), { run: 'r1', target: '/t', removed, added }, facts)
}
