import { expect, test } from 'vitest'
import type { UnitDecision } from '../../../src/core/merge/change.ts'
import { pathClash } from '../../../src/core/merge/path-clash.ts'
import { mergeWorld } from '../../support/merge-world.ts'
import type { Files } from '../../support/merge-world.ts'

const entry = { mode: '100644', oid: 'a' }

function add(path: string): UnitDecision {
  return { kind: 'unit', unit: 'add', path, base: null, entry, source: [] }
}

function remove(path: string): UnitDecision {
  return { kind: 'unit', unit: 'delete', path, base: entry, entry: null, source: [] }
}

/** Checks that decisions clash (or not), where an agent made the given files of the base. */
function check(base: Files, made: Files, decisions: readonly UnitDecision[], clashes: boolean): void {
  const { candidates } = mergeWorld(base, { one: made })
  for (const order of [decisions, decisions.toReversed()]) {
    const message = pathClash(order, candidates)?.message ?? ''
    expect(message).toBe(clashes ? 'x and x/y exclude each other: the first is a file, not a directory.' : '')
  }
}

test('a file excludes a file below its name', () => {
  check({}, {}, [add('x'), add('x/y')], true)
  check({}, {}, [add('x'), add('x!'), add('xy')], false)
})

test('a file of the base excludes a file below its name until it is removed', () => {
  check({ x: '0' }, { 'x/y': '1' }, [add('x/y')], true)
  check({ x: '0' }, { 'x/y': '1' }, [add('x/y'), remove('x')], false)
})

test('files of the base exclude a file with the name of their directory until they are removed', () => {
  check({ 'x/y': '0' }, { x: '1' }, [add('x')], true)
  check({ 'x/y': '0' }, { x: '1' }, [add('x'), remove('x/y')], false)
})

test('the next step names what is left in the base', () => {
  const { candidates } = mergeWorld({ x: '0' }, { one: { 'x/y': '1' } })
  expect(pathClash([add('x/y')], candidates)?.hint).toBe(
    'Take the removal of x as well, or untake the other.',
  )
})
