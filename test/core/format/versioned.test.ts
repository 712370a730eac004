import * as v from 'valibot'
import { expect, test } from 'vitest'
import { format, readVersion } from '../../../src/core/format/versioned.ts'

// Version 1 had a name, version 2 split it, version 3 made a list of its parts.
const split = (data: unknown): unknown => {
  const [first = '', last = ''] = v.parse(v.object({ name: v.string() }), data).name.split(' ')
  return { first, last }
}
const listed = (data: unknown): unknown => ({ names: Object.values(data as object) })
const names = format(v.object({ names: v.array(v.string()) }), [split, listed])

test('data of every earlier version is brought to the current one', () => {
  expect(names.version).toBe(3)
  const data = { names: ['Ada', 'Lovelace'] }
  expect(readVersion(names, 1, { name: 'Ada Lovelace' })).toEqual({ ok: true, data })
  expect(readVersion(names, 2, { first: 'Ada', last: 'Lovelace' })).toEqual({ ok: true, data })
  expect(readVersion(names, 3, data)).toEqual({ ok: true, data })
})

test('data that is not of its version, or of a newer one, is told apart', () => {
  expect(readVersion(names, 1, { names: [] })).toMatchObject({ ok: false, newer: false })
  expect(readVersion(names, 3, { names: [1] })).toEqual({
    ok: false,
    newer: false,
    reason: 'names.0 is not string',
  })
  expect(readVersion(names, 4, { names: [] })).toEqual({
    ok: false,
    newer: true,
    reason: 'version 4 is newer than 3',
  })
})
