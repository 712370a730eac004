import { asyncProperty, array, constantFrom, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { readBlobs } from '../../../../src/adapters/git/object/blob.ts'
import { compareTexts } from '../../../../src/adapters/git/diff/compare-texts.ts'
import { mergeOptions, patchOptions } from '../../../../src/adapters/git/diff/diff.ts'
import { enumerateCandidates } from '../../../../src/adapters/git/diff/enumerate.ts'
import { objectWriter } from '../../../../src/adapters/git/object/object-store.ts'
import { limit } from '../../../../src/core/limit.ts'
import { splice } from '../../../../src/core/merge/splice.ts'
import { holdsAsync } from '../../../support/async-property.ts'
import { makeRepository } from '../../../support/git-repository.ts'
import { openBoth, type Opened } from '../../../support/own-repository.ts'
import { writeTree } from '../../../support/write-tree.ts'

async function blobs({ own }: Opened, texts: readonly string[]): Promise<string[]> {
  const writer = objectWriter(own)
  const oids = texts.map((text) => writer.add({ type: 'blob', content: Buffer.from(text, 'latin1') }))
  await writer.flush()
  return oids
}

/** A text of that many lines, and the same with every third of them changed. */
function scattered(lines: number): readonly [string, string] {
  const text = (isChanged: boolean): string =>
    Array.from({ length: lines }, (_, at) => `${isChanged && at % 3 === 0 ? 'other' : 'line'} ${at}\n`).join(
      '',
    )
  return [text(false), text(true)]
}

test('a text that is compared by itself splices to the same bytes as one that is compared among others', async () => {
  const opened = await openBoth(makeRepository())
  const line = constantFrom('a\n', 'b\n', 'c\r\n', '\n', '}\n', '\xff\n', '-- x\n', 'end')
  const anyText = array(line, { maxLength: 12 }).map((lines) => lines.join(''))
  await holdsAsync(
    asyncProperty(tuple(anyText, anyText), async ([old, now]) => {
      const [from = '', to = ''] = await blobs(opened, [old, now])
      if (from === to) return
      for (const options of [patchOptions, mergeOptions]) {
        for (const histogramBytes of [0, limit.histogramBytes]) {
          const { texts, reasons } = await compareTexts(opened.own, [[from, to]], options, {
            ...limit,
            histogramBytes,
          })
          expect(reasons.size).toBe(0)
          expect(splice(old, texts.get(`${from}..${to}`) ?? [])).toBe(now)
        }
      }
    }),
    40,
  )
})

test('a text that is too large or takes too long has a reason, and the others are compared', async () => {
  const opened = await openBoth(makeRepository())
  const [old, now] = scattered(300)
  const [from = '', to = '', a = '', b = ''] = await blobs(opened, [old, now, 'a\n', 'b\n'])
  const pairs = [[from, to] as const, [a, b] as const]
  const strict = { ...limit, histogramBytes: 1000 }
  for (const [limits, reason] of [
    [{ ...strict, comparedBytes: 2000 }, /^it has \d{4} bytes, and 2000 are the most$/],
    [{ ...strict, comparedPlaces: 99 }, /^it differs in 100 places, and 99 are the most$/],
  ] as const) {
    const { texts, reasons } = await compareTexts(opened.own, pairs, patchOptions, limits)
    expect([...reasons]).toEqual([[`${from}..${to}`, expect.stringMatching(reason)]])
    expect(texts.get(`${a}..${b}`)).toEqual([{ start: 0, end: 1, text: 'b\n' }])
    expect(texts.get(`${from}..${to}`)).toBeNull()
  }
  const { reasons, texts } = await compareTexts(opened.own, pairs, patchOptions, { ...strict, compareMs: 0 })
  expect([...reasons.values()]).toEqual(
    pairs.map(() => 'the comparison of large files took too long before it'),
  )
  expect([...texts.values()]).toEqual([null, null])
})

test('very many scattered changes of one file leave the other files to be compared', async () => {
  const opened = await openBoth(makeRepository())
  const [many, manyNow] = scattered(60_000)
  const [most, mostNow] = scattered(300_000)
  const tree = (...[a, b, c]: readonly string[]): string =>
    writeTree(opened, { many: ['100644', a ?? ''], most: ['100644', b ?? ''], small: ['100644', c ?? ''] })
  const base = tree(many, most, '1\n2\n')
  const now = writeTree(opened, {
    many: ['100755', manyNow],
    most: ['100644', mostNow],
    small: ['100644', '1\ntwo\n'],
    binary: ['100644', 'a\0b'],
    added: ['100644', 'x\n'],
  })
  const [candidate] = await enumerateCandidates(opened.own, base, [{ agent: 'ada', tree: now }])
  const kinds = candidate?.changes.map((change) => [
    change.path,
    change.kind === 'text' ? change.atoms.length : change.unit,
  ])
  expect(kinds).toEqual([
    ['added', 'add'],
    ['binary', 'binary'],
    ['many', 20_000],
    ['many', 'mode'],
    ['most', 'binary'],
    ['small', 1],
  ])
  const whole = candidate?.changes.find(({ path }) => path === 'most')
  expect(whole).toMatchObject({ kind: 'unit', reason: 'it differs in 100000 places, and 25000 are the most' })
  const text = candidate?.changes.find(({ path }) => path === 'many')
  if (text?.kind !== 'text') throw new Error('it is no text')
  const read = await readBlobs(opened.own, [text.base.oid])
  expect(splice(read.get(text.base.oid) ?? '', text.atoms)).toBe(manyNow)
})
