import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { reversedAtoms } from '../../../src/core/merge/reverse.ts'
import { splice } from '../../../src/core/merge/splice.ts'
import { closedText } from '../../support/merge-arbitrary.ts'
import { holds } from '../../support/property.ts'
import { referenceDiff } from '../../support/reference-diff.ts'

// Atoms that touch are what a reversal can get wrong: each line of the base has its own here.
const lineByLine = fc.tuple(closedText, closedText).map(([base, text]) => ({
  base,
  all: referenceDiff(base, text).flatMap(({ start, end, text: put }) =>
    start === end
      ? [{ start, end, text: put }]
      : Array.from({ length: end - start }, (_, at) => ({
          start: start + at,
          end: start + at + 1,
          text: at === 0 ? put : '',
        })),
  ),
}))

test('the atoms that are taken out leave what the others alone give', () => {
  const chosen = lineByLine.chain(({ base, all }) => fc.tuple(fc.constant({ base, all }), fc.subarray(all)))
  holds(
    fc.property(chosen, ([{ base, all }, some]) => {
      const out = new Set(some)
      const rest = all.filter((atom) => !out.has(atom))
      expect(splice(splice(base, all), reversedAtoms(base, all, out))).toBe(splice(base, rest))
    }),
    2000,
  )
})
