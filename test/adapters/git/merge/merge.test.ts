import * as fc from 'fast-check'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { entriesAt } from '../../../../src/adapters/git/object/entries.ts'
import { mergeTrees } from '../../../../src/adapters/git/merge/merge.ts'
import type { MergeOutcome } from '../../../../src/adapters/git/merge/merge.ts'
import { objectOid } from '../../../../src/adapters/git/command/object.ts'
import { patchOptions } from '../../../../src/adapters/git/diff/diff.ts'
import { textAtoms } from '../../../../src/adapters/git/diff/text-atoms.ts'
import { writeTrees } from '../../../../src/adapters/git/object/write.ts'
import type { Decision, FileEdit } from '../../../../src/core/merge/change.ts'
import { splice } from '../../../../src/core/merge/splice.ts'
import { holdsInBatches } from '../../../support/batch-property.ts'
import { gitIn, makeRepository } from '../../../support/git-repository.ts'
import { put, removed } from '../../../support/landing.ts'
import { commitHistories } from '../../../support/replay/commits.ts'
import type { TreeFiles } from '../../../support/replay/history-arbitrary.ts'
import { landedOf, landingWrong } from '../../../support/replay/replay.ts'
import { openBoth } from '../../../support/own-repository.ts'
import type { Opened } from '../../../support/own-repository.ts'

const ten = lines(10)

test('changes of different lines merge', async () => {
  const opened = await openWith({ a: ten })
  const merged = await merge(
    opened,
    [put('a', ten.replace('2\n', 'two\n'))],
    [put('a', ten.replace('9\n', 'nine\n'))],
  )
  expect(merged.clean).toBe(true)
  expect(textAt(opened, merged, 'a')).toBe(ten.replace('2\n', 'two\n').replace('9\n', 'nine\n'))
})

const conflicts: readonly [kind: string, ours: FileEdit[], theirs: FileEdit[], paths: string[]][] = [
  ['content', [put('a', ten.replace('3\n', 'x\n'))], [put('a', ten.replace('3\n', 'y\n'))], ['a']],
  ['modify/delete', [removed('a')], [put('a', ten.replace('3\n', 'y\n'))], ['a']],
  ['modify/delete', [put('a', ten.replace('3\n', 'y\n'))], [removed('a')], ['a']],
  ['add/add', [put('new', 'x\n')], [put('new', 'y\n')], ['new']],
  ['add/add', [put('new', 'x\n')], [put('new', 'x\n', '100755')], ['new']],
  ['add/add', [put('new', 'x\ny\n', '100755')], [put('new', 'x\n')], ['new']],
  ['binary', [put('bin', '\0o')], [put('bin', '\0t')], ['bin']],
  ['file/directory', [put('n', 'file\n')], [put('n/inner', 'i\n')], ['n']],
  ['distinct modes', [put('n', 'file\n')], [put('n', 'elsewhere', '120000')], ['n']],
  ['rename/delete', [removed('a'), put('b', ten)], [removed('a')], ['b']],
  ['rename/rename', [removed('a'), put('b', ten)], [removed('a'), put('c', ten)], ['a', 'b', 'c']],
]

test.each(conflicts)(
  'a conflict of the kind %s names its paths and sides',
  async (kind, ours, theirs, paths) => {
    const opened = await openWith({ a: ten, bin: '\0b' })
    const merged = await merge(opened, ours, theirs)
    if (merged.clean) throw new Error('it merged')
    expect(merged.conflicts.map((conflict) => conflict.path)).toEqual(paths)
    expect(new Set(merged.conflicts.map((conflict) => conflict.kind))).toEqual(new Set([kind]))
  },
)

test('a conflict carries the three entries, null where a side has none', async () => {
  const opened = await openWith({ a: ten })
  const merged = await merge(opened, [removed('a')], [put('a', 'x\n')])
  if (merged.clean) throw new Error('it merged')
  const base = gitIn(opened.root, ['rev-parse', 'HEAD:a']).trim()
  expect(merged.conflicts).toEqual([
    {
      path: 'a',
      kind: 'modify/delete',
      base: { mode: '100644', oid: base },
      ours: null,
      theirs: { mode: '100644', oid: '587be6b4c3f93f93c489c0111bba5596147a26cb' },
      paths: ['a'],
      parts: null,
    },
  ])
})

test('a batch keeps its order, with conflicts, clean merges and those that need none side by side', async () => {
  const opened = await openWith({ a: ten })
  const [x, y, z] = await writeTrees(opened.own, opened.head, [
    [put('a', ten.replace('3\n', 'x\n'))],
    [put('a', ten.replace('3\n', 'y\n'))],
    [put('a', ten.replace('9\n', 'z\n'))],
  ])
  const base = treeOf(opened)
  const merged = await mergeTrees(opened.own, [
    { base, ours: x!, theirs: y! },
    { base, ours: x!, theirs: base },
    { base, ours: x!, theirs: z! },
    { base, ours: x!, theirs: x! },
    { base, ours: y!, theirs: x! },
    { base, ours: base, theirs: z! },
  ])
  expect(merged.map(({ clean }) => clean)).toEqual([false, true, true, true, false, true])
  expect([merged[1]!.tree, merged[3]!.tree, merged[5]!.tree]).toEqual([x!, x!, z!])
})

test('submodules in conflict are told as such, and the merges behind them are read', async () => {
  const opened = await openWith({ a: ten })
  const pin = (digit: string): FileEdit => ({ path: 'sub', mode: '160000', oid: digit.repeat(40) })
  const [base, ours, theirs, other] = await writeTrees(opened.own, opened.head, [
    [pin('1')],
    [pin('2'), put('a', ten.replace('3\n', 'x\n'))],
    [pin('3')],
    [pin('1'), put('a', ten.replace('9\n', 'z\n'))],
  ])
  const merged = await mergeTrees(opened.own, [
    { base: base!, ours: ours!, theirs: theirs! },
    { base: base!, ours: ours!, theirs: other! },
    { base: base!, ours: theirs!, theirs: ours! },
  ])
  expect(merged.map(({ clean }) => clean)).toEqual([false, true, false])
  const [first] = merged
  if (first?.clean !== false) throw new Error('it merged')
  expect(first.conflicts.map(({ path }) => path)).toEqual(['sub'])
})

test('an edit follows a file that the other side renamed', async () => {
  const opened = await openWith({ a: lines(40) })
  const merged = await merge(
    opened,
    [removed('a'), put('moved/b', lines(40))],
    [put('a', lines(40).replace('7\n', 'seven\n'))],
  )
  expect(merged.clean && textAt(opened, merged, 'moved/b')).toBe(lines(40).replace('7\n', 'seven\n'))
})

test('a piece of what the target holds changes nothing, however the lines of a text can be paired', async () => {
  const opened = await openWith({ other: 'other\n' })
  const anyLines = fc
    .array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 9 })
    .map((letters) => letters.map((letter) => `${letter}\n`).join(''))
  await holdsInBatches(fc.tuple(anyLines, anyLines, fc.nat()), 100, async (cases) => {
    const nameOf = (text: string): string => objectOid('sha1', { type: 'blob', content: Buffer.from(text) })
    const trees = async (texts: readonly string[]): Promise<string[]> =>
      writeTrees(
        opened.own,
        opened.head,
        texts.map((text) => [put('a', text)]),
      )
    const [bases, ours] = [
      await trees(cases.map(([base]) => base)),
      await trees(cases.map(([, mine]) => mine)),
    ]
    const atoms = await textAtoms(
      opened.own,
      cases.map(([base, mine]) => [nameOf(base), nameOf(mine)]),
      patchOptions,
    )
    const pieces = cases.map(([base, mine, draw]) => {
      const all = atoms(nameOf(base), nameOf(mine)) ?? []
      return all.slice(draw % (all.length + 1)).slice(0, 1)
    })
    const theirs = await trees(cases.map(([base], at) => splice(base, pieces[at] ?? [])))
    const merges = cases.map(([base], at) => {
      const entry = { mode: '100644', oid: nameOf(base) }
      const after = (pieces[at] ?? []).map((atom): Decision => ({
        kind: 'atom',
        path: 'a',
        base: entry,
        atom,
        source: [],
      }))
      const decided = { before: [], after, target: null }
      return { base: bases[at]!, ours: ours[at]!, theirs: theirs[at]!, decided }
    })
    const merged = await mergeTrees(opened.own, merges)
    expect(merged).toEqual(ours.map((tree) => ({ clean: true, tree })))
  })
}, 1_800_000)

test('what the person changed between two landings stays, where a text is merged by what was decided', async () => {
  const opened = await openWith({ a: lines(20) })
  const [entry, first] = [(await entriesAt(opened.own, treeOf(opened), ['a'])).get('a')!, treeOf(opened)]
  const atom = (line: number): Decision => {
    const changed = { start: line, end: line + 1, text: `x${line}\n` }
    return { kind: 'atom', path: 'a', base: entry, atom: changed, source: [] }
  }
  const text = (...changed: number[]): string =>
    splice(
      lines(20),
      changed.map((line) => ({ start: line, end: line + 1, text: `x${line}\n` })),
    )
  const made = [text(2), text(2, 17), text(2, 10), text(2, 10, 17)].map((content) => [put('a', content)])
  const [base, ours, theirs, all] = await writeTrees(opened.own, opened.head, made)
  const decided = {
    before: [atom(2)],
    after: [atom(2), atom(10)],
    target: { root: opened.head, first, landed: [atom(2)] },
  }
  const sides = { base: base!, ours: ours!, theirs: theirs!, decided }
  expect(await mergeTrees(opened.own, [sides])).toEqual([{ clean: true, tree: all! }])
})

test('names of any bytes come back exactly', async () => {
  const opened = await openWith({ a: 'a' })
  const names = ['a\nb', 'a\tb', ' x ', '"q"', 'caf\udce9', 'ünï', 'x~1', '-rf']
  const merged = await merge(
    opened,
    names.map((name) => put(name, 'x\n')),
    names.map((name) => put(name, 'y\n')),
  )
  if (merged.clean) throw new Error('it merged')
  expect(merged.conflicts.map(({ path }) => path).toSorted()).toEqual(names.toSorted())
})

test('a file that the person renamed is found again, however little of it is left alike after some pieces', async () => {
  const opened = await openWith({ a: 'one\ntwo, a longer line\nthree\nfour, a long line\n' })
  const text = 'one\ntwo, a longer line\nthree\nmine, as long as it\n'
  const [first, landed, base, ours, theirs, merged] = await writeTrees(opened.own, opened.head, [
    [removed('a'), put('b', text)],
    [],
    [put('a', 'one\nthree\nfour, a long line\n')],
    [removed('a'), put('b', text.replace('two, a longer line\n', ''))],
    [put('a', 'ONE\nthree\nfour, a long line\n')],
    [removed('a'), put('b', 'ONE\nthree\nmine, as long as it\n')],
  ])
  const sides = { base: base!, ours: ours!, theirs: theirs! }
  expect(await mergeTrees(opened.own, [sides])).toMatchObject([{ clean: false }])
  const target = { root: landed!, first: first!, landed: [] }
  const decided = { before: [], after: [], target }
  expect(await mergeTrees(opened.own, [{ ...sides, decided }])).toEqual([{ clean: true, tree: merged! }])
})

test('attributes and settings of anyone change no merge', async () => {
  const opened = await openWith({ '.gitattributes': '* merge=union\n', a: ten })
  writeFileSync(join(opened.root, '.git/info/attributes'), '* merge=union\n')
  for (const setting of ['merge.conflictStyle', 'merge.renames', 'merge.default']) {
    gitIn(opened.root, ['config', setting, setting === 'merge.renames' ? 'false' : 'union'])
  }
  mkdirSync(join(opened.own.directory, 'info'), { recursive: true })
  const merged = await merge(
    opened,
    [put('a', ten.replace('3\n', 'x\n'))],
    [put('a', ten.replace('3\n', 'y\n'))],
  )
  expect(merged.clean).toBe(false)
})

test('random texts merge as git merges them', async () => {
  const opened = await openBoth(makeRepository())
  const text = fc
    .array(fc.constantFrom('a\n', 'b\n', 'c\n', 'd\r\n', '\n'), { maxLength: 12 })
    .map((parts): TreeFiles => ({ a: { mode: '100644', content: parts.join('') } }))
  await holdsInBatches(fc.record({ base: text, ours: text, theirs: text }), 100, async (histories) => {
    const pairs = commitHistories(opened.root, histories)
    const merged = await mergeTrees(
      opened.own,
      pairs.map(({ base, ours, theirs }) => ({ base: base.tree, ours: ours.tree, theirs: theirs.tree })),
    )
    for (const [at, pair] of pairs.entries())
      expect(
        await landingWrong(opened.own, pair, landedOf(merged[at]!)),
        JSON.stringify(histories[at]),
      ).toBeNull()
  })
}, 1_800_000)

function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `${index + 1}\n`).join('')
}

async function openWith(files: Record<string, string>): Promise<Opened> {
  return await openBoth(makeRepository({ files }))
}

async function merge(
  opened: Opened,
  ours: readonly FileEdit[],
  theirs: readonly FileEdit[],
): Promise<MergeOutcome> {
  const [left, right] = await writeTrees(opened.own, opened.head, [ours, theirs])
  const [merged] = await mergeTrees(opened.own, [{ base: treeOf(opened), ours: left!, theirs: right! }])
  return merged!
}

function treeOf(opened: Opened): string {
  return gitIn(opened.root, ['rev-parse', `${opened.head}^{tree}`]).trim()
}

function textAt(opened: Opened, merged: MergeOutcome, path: string): string {
  return gitIn(opened.own.directory, ['cat-file', 'blob', `${merged.tree}:${path}`])
}
