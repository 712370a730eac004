import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideDecisions } from '../../src/core/decide/decisions.ts'
import { draft } from '../../src/core/draft.ts'
import type { EventDraft } from '../../src/core/event.ts'
import {
  decisionChange,
  decisionsOf,
  joinPending,
  pendingAfter,
  pendingOf,
  wantedDecisions,
  withPending,
} from '../../src/core/landing.ts'
import type { Decision } from '../../src/core/merge/change.ts'
import { exclusions } from '../../src/core/merge/decision.ts'
import { reduce } from '../../src/core/reduce.ts'
import type { State } from '../../src/core/state.ts'
import { stateAfter } from '../support/agent-story.ts'
import { holds } from '../support/property.ts'

const base = { mode: '100644', oid: 'b'.repeat(40) }
const none = { removed: [], added: [] }

test('a change of what is pending cancels its opposite', () => {
  const [one, two] = [atom(1, 'x\n'), atom(3, 'y\n')]
  expect(joinPending({ removed: [one], added: [two] }, { removed: [two], added: [one] })).toEqual(none)
  expect(joinPending(none, { removed: [one], added: [two] })).toEqual({ removed: [one], added: [two] })
  expect(withPending([one], { removed: [one], added: [two] })).toEqual([two])
})

test('what has landed is not pending, nor is a removal of what has not', () => {
  const [one, two] = [atom(1, 'x\n'), atom(3, 'y\n')]
  expect(pendingAfter({ removed: [one], added: [two] }, [two])).toEqual(none)
  expect(pendingAfter({ removed: [one], added: [two] }, [one])).toEqual({ removed: [one], added: [two] })
})

test('what is pending gives way to what has landed on the same lines', () => {
  expect(pendingAfter({ removed: [], added: [atom(1, 'x\n'), atom(3, 'y\n')] }, [atom(1, 'z\n')])).toEqual({
    removed: [],
    added: [atom(3, 'y\n')],
  })
})

test('what is decided while a landing is being undone is what is wanted afterwards', () => {
  const [one, two] = [atom(1, 'x\n'), atom(3, 'y\n')]
  for (const place of [{ review: '/t' }, {}]) {
    const world = newWorld()
    land(world, [], [one, two], place)
    const { undo: name = '' } = world.landings[0] ?? {}
    tell(world, draft('merge.undoing', 'r1', null, { undo: name, command: 'c' }))
    expect(wantedDecisions(world.state, 'r1', '/t')).toEqual([one, two])
    world.wanted = new Set(texts([one, two]))
    decide(world, { kind: 'decide', removed: [one], added: [] })
    tell(world, draft('merge.undone', 'r1', null, { undo: name }))
    expect(wantedDecisions(world.state, 'r1', '/t')).toEqual(place.review === undefined ? [] : [two])
  }
})

type Step =
  | { readonly kind: 'decide'; readonly removed: readonly Decision[]; readonly added: readonly Decision[] }
  | { readonly kind: 'pick'; readonly added: readonly Decision[] }
  | { readonly kind: 'land' | 'commit' | 'undo' }

const someDecisions = fc.subarray([1, 3, 5].flatMap((start) => [atom(start, 'x\n'), atom(start, 'y\n')]))
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('decide'), removed: someDecisions, added: someDecisions }),
  },
  fc.record({ kind: fc.constant('pick'), added: someDecisions.filter(composable) }),
  fc.record({ kind: fc.constantFrom('land', 'commit', 'undo') }),
)

test('whatever is decided, landed, picked and undone: what is wanted is what a set of decisions would hold', () => {
  holds(
    fc.property(fc.array(anyStep, { maxLength: 25 }), (steps) => {
      const world = newWorld()
      for (const step of steps) {
        const wanted = world.wanted
        perform(world, step)
        const now = pendingOf(world.state, 'r1', '/t')
        const landed = decisionsOf(world.state, 'r1', '/t')
        expect(texts(wantedDecisions(world.state, 'r1', '/t'))).toEqual([...world.wanted].toSorted())
        expect(composable(wantedDecisions(world.state, 'r1', '/t'))).toBe(true)
        expect(texts(landed)).toEqual(expect.arrayContaining(texts(now.removed)))
        expect(texts(landed).filter((text) => texts(now.added).includes(text))).toEqual([])
        if (step.kind === 'land' || step.kind === 'commit') expect(now).toEqual(none)
        if (step.kind === 'undo' && world.undone?.review === true) expect(world.wanted).toEqual(wanted)
      }
    }),
  )
})

/** The state, and what is wanted as a plain set of texts. */
interface World {
  state: State
  wanted: Set<string>
  count: number
  readonly landings: { readonly undo: string; readonly review: boolean }[]
  undone: World['landings'][number] | undefined
}

function newWorld(): World {
  return { state: stateAfter(), wanted: new Set(), count: 0, landings: [], undone: undefined }
}

function perform(world: World, step: Step): void {
  if (step.kind === 'decide') decide(world, step)
  else if (step.kind === 'undo') undo(world)
  else if (step.kind === 'pick') {
    const before = decisionsOf(world.state, 'r1', '/t')
    const kept = before.filter((decision) =>
      step.added.every((added) => added.path !== decision.path || !sameLine(added, decision)),
    )
    land(world, before, [...kept, ...step.added], {})
  } else {
    const target = step.kind === 'commit' ? { target: 'refs/heads/main' } : {}
    const before = decisionsOf(world.state, 'r1', target.target ?? '/t')
    const root = decisionsOf(world.state, 'r1', '/t')
    land(world, target.target === undefined ? before : root, wantedDecisions(world.state, 'r1', '/t'), {
      ...target,
      review: '/t',
    })
  }
}

function decide(world: World, wish: Extract<Step, { kind: 'decide' }>): void {
  const facts = {
    agents: ['a'],
    candidates: [],
    base: new Map([['f', base]]),
    lines: new Map([[base.oid, 9]]),
    blobs: new Set<string>(),
  }
  const verdict = decideDecisions(world.state, { run: 'r1', target: '/t', ...wish }, facts)
  const model = new Set([...world.wanted].filter((text) => !texts(wish.removed).includes(text)))
  for (const text of texts(wish.added)) model.add(text)
  const overlapping = [1, 3, 5].some(
    (start) => [...model].filter((text) => text.startsWith(`${start}`)).length > 1,
  )
  expect('refusal' in verdict).toBe(overlapping)
  if ('refusal' in verdict) return
  world.wanted = model
  tell(world, ...verdict.events)
}

function land(
  world: World,
  before: readonly Decision[],
  after: readonly Decision[],
  place: { readonly target?: string; readonly review?: string },
): void {
  const name = `u${world.landings.length + world.count + 1}`
  const change = decisionChange(before, after)
  const landing = {
    undo: name,
    command: 'c',
    repository: 'r',
    target: '/t',
    tree: '',
    commit: null,
    paths: ['f'],
    ...change,
    ...place,
  }
  tell(world, draft('merge.prepared', 'r1', null, landing), draft('merge.landed', 'r1', null, { undo: name }))
  world.landings.push({ undo: name, review: place.review !== undefined })
  if (place.review !== undefined) return
  for (const text of texts(change.removed)) world.wanted.delete(text)
  for (const added of change.added) take(world, added)
}

function undo(world: World): void {
  const before = decisionsOf(world.state, 'r1', '/t')
  world.undone = world.landings.pop()
  if (world.undone === undefined) return
  const { undo: name, review } = world.undone
  tell(
    world,
    draft('merge.undoing', 'r1', null, { undo: name, command: 'c' }),
    draft('merge.undone', 'r1', null, { undo: name }),
  )
  if (review) return
  const { removed, added } = decisionChange(before, decisionsOf(world.state, 'r1', '/t'))
  for (const text of texts(removed)) world.wanted.delete(text)
  for (const decision of added) take(world, decision)
}

/** What lands wins over what was decided for the same line. */
function take(world: World, decision: Decision): void {
  const [text = ''] = texts([decision])
  for (const other of world.wanted) if (other.startsWith(text.slice(0, 1))) world.wanted.delete(other)
  world.wanted.add(text)
}

function tell(world: World, ...drafts: readonly EventDraft[]): void {
  for (const each of drafts) {
    world.count += 1
    const seq = world.state.seq + 1
    world.state = reduce(world.state, { ...each, seq, id: `e${seq}`, at: '2026-01-01T00:00:00.000Z', v: 1 })
  }
}

function atom(start: number, text: string): Decision {
  return { kind: 'atom', path: 'f', base, atom: { start, end: start + 1, text }, source: ['a'] }
}

function composable(decisions: readonly Decision[]): boolean {
  return exclusions(decisions) === null
}

function sameLine(one: Decision, other: Decision): boolean {
  return texts([one])[0]?.[0] === texts([other])[0]?.[0]
}

function texts(decisions: readonly Decision[]): string[] {
  return decisions
    .flatMap((decision) => (decision.kind === 'atom' ? [`${decision.atom.start} ${decision.atom.text}`] : []))
    .toSorted()
}
