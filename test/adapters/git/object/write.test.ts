import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readBlobs } from '../../../../src/adapters/git/object/blob.ts'
import { entriesAt } from '../../../../src/adapters/git/object/entries.ts'
import { writeTrees } from '../../../../src/adapters/git/object/write.ts'
import type { FileEdit } from '../../../../src/core/merge/change.ts'
import { gitBytesIn, gitIn, makeRepository } from '../../../support/git-repository.ts'
import { put, removed } from '../../../support/landing.ts'
import { openBoth } from '../../../support/own-repository.ts'
import type { Opened } from '../../../support/own-repository.ts'

test('a composition is the base with its edits, and nothing of the repository changes', async () => {
  const opened = await openBoth(
    makeRepository({ files: { a: 'a\n', 'dir/b': 'b\n', 'dir/deep/c': 'c\n', gone: 'x' } }),
  )
  const [written] = await writeTrees(opened.own, opened.head, [
    [put('a', 'A\n'), put('dir/deep/new', 'n\n', '100755'), removed('gone'), put('link', 'a', '120000')],
  ])
  expect(listing(opened, written!)).toEqual([
    '100644 a',
    '100644 dir/b',
    '100644 dir/deep/c',
    '100755 dir/deep/new',
    '120000 link',
  ])
  expect(await textAt(opened, written!, 'a')).toBe('A\n')
  fsck(opened)
})

test('the same compositions give the same trees, whatever else is in the batch', async () => {
  const opened = await openBoth(makeRepository())
  const one = await writeTrees(opened.own, opened.head, [[put('x', '1')], [put('y', '2')]])
  const two = await writeTrees(opened.own, opened.head, [[put('y', '2')]])
  expect(two[0]).toEqual(one[1])
})

test('a tree can be the base as well as a commit', async () => {
  const opened = await openBoth(makeRepository())
  const tree = gitIn(opened.root, ['rev-parse', 'HEAD^{tree}']).trim()
  const [fromTree] = await writeTrees(opened.own, tree, [[put('src/n', 'n')]])
  const [fromCommit] = await writeTrees(opened.own, opened.head, [[put('src/n', 'n')]])
  expect(fromTree).toEqual(fromCommit)
})

test('no edits give the tree of the base, and removing everything the empty tree', async () => {
  const opened = await openBoth(makeRepository({ files: { 'a/b/c': 'c' } }))
  const [same, empty] = await writeTrees(opened.own, opened.head, [[], [removed('a/b/c')]])
  expect(same!).toBe(gitIn(opened.root, ['rev-parse', 'HEAD^{tree}']).trim())
  expect(empty!).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904')
})

test('a file can become a directory and a directory a file', async () => {
  const opened = await openBoth(makeRepository({ files: { file: 'x', 'dir/a': 'a', 'dir/b/c': 'c' } }))
  const [written] = await writeTrees(opened.own, opened.head, [
    [removed('file'), put('file/inner', 'i'), removed('dir/a'), removed('dir/b/c'), put('dir', 'd')],
  ])
  expect(listing(opened, written!)).toEqual(['100644 dir', '100644 file/inner'])
  fsck(opened)
})

const clashes: readonly [string, FileEdit[]][] = [
  ['a file where a directory stays', [put('dir', 'd')]],
  ['a file below a file that stays', [put('file/inner', 'i')]],
  ['two edits of one path', [put('n', '1'), put('n', '2')]],
]

test.each(clashes)('%s refuses', async (_, edits) => {
  const opened = await openBoth(makeRepository({ files: { file: 'x', 'dir/a': 'a' } }))
  await expect(writeTrees(opened.own, opened.head, [edits])).rejects.toMatchObject({
    code: 'KAGE_PATH_INVALID',
  })
})

const outside = [
  '',
  '/',
  '/a',
  'a/',
  'a//b',
  '.',
  '..',
  '../x',
  'a/../../x',
  './a',
  '.git',
  '.git/config',
  'a/.git/x',
  '.GIT/x',
  '.Git',
  '.g\u200cit/x',
  '.git /x',
  '.git./x',
  'git~1/x',
  'GIT~1',
  '.git::$INDEX_ALLOCATION/x',
  'a\\.git\\x',
  'a\0b',
]

test.each(outside)('the path %j refuses', async (path) => {
  const opened = await openBoth(makeRepository())
  await expect(writeTrees(opened.own, opened.head, [[put(path, 'x')]])).rejects.toMatchObject({
    code: 'KAGE_PATH_INVALID',
  })
})

test('names of any bytes are kept exactly', async () => {
  const opened = await openBoth(makeRepository({ files: { ' lead/x': 'x', 'new\nline/y': 'y' } }))
  const names = [
    ' ',
    '-rf',
    '"q"',
    "'",
    'a\tb',
    'a\nb',
    'back\\slash',
    'ünï/ß',
    ':(top)x',
    '*',
    '#',
    '.gitmodules',
    '.github/x',
  ]
  const [written] = await writeTrees(opened.own, opened.head, [
    [...names, ' lead/z', 'new\nline/z', 'caf\udce9\udcff'].map((name) => put(name, `of ${name.length}`)),
  ])
  const listed = gitBytesIn(opened.own.directory, ['ls-tree', '-r', '-z', '--name-only', written!]).toString(
    'latin1',
  )
  const expected = [...names, ' lead/x', ' lead/z', 'new\nline/y', 'new\nline/z'].map((name) =>
    Buffer.from(name).toString('latin1'),
  )
  expect(listed.split('\0').filter(Boolean).toSorted()).toEqual([...expected, 'caf\xe9\xff'].toSorted())
  fsck(opened)
})

test('many compositions go into one pack', async () => {
  const opened = await openBoth(makeRepository())
  const compositions = Array.from({ length: 200 }, (_, number) => [
    put(`d${number}/f`, `${number}\n`.repeat(40)),
  ])
  const written = await writeTrees(opened.own, opened.head, compositions)
  expect(await textAt(opened, written[150]!, 'd150/f')).toBe('150\n'.repeat(40))
  expect(new Set(written).size).toBe(200)
  fsck(opened)
})

test('a sha256 repository gets sha256 objects', async () => {
  const opened = await openBoth(makeRepository({ objectFormat: 'sha256' }))
  const [written] = await writeTrees(opened.own, opened.head, [[put('src/n', 'n')]])
  expect(written!).toMatch(/^[0-9a-f]{64}$/)
  const many = Array.from({ length: 120 }, (_, number) => [put(`f${number}`, String(number))])
  await writeTrees(opened.own, opened.head, many)
  fsck(opened)
})

test('directories whose mode some tool has written with a leading zero are directories', async () => {
  const opened = await openBoth(makeRepository({ files: { 'd/a': 'a', 'e/b': 'b' } }))
  const made = gitIn(opened.root, ['ls-tree', 'HEAD']).split('\n').slice(0, 2)
  const entries = made.map((line) => Buffer.from(line.slice('040000 tree '.length).slice(0, 40), 'hex'))
  const parts = entries.flatMap((oid, at) => [Buffer.from(`040000 ${at === 0 ? 'd' : 'e'}\0`), oid])
  const raw = ['hash-object', '-t', 'tree', '--literally', '-w', '--stdin']
  const padded = gitIn(opened.root, raw, Buffer.concat(parts)).trim()
  const [same, written] = await writeTrees(opened.own, padded, [[], [put('d/n', 'n'), removed('e/b')]])
  expect(same).toBe(padded)
  expect(listing(opened, written!)).toEqual(['100644 d/a', '100644 d/n'])
  expect([...(await entriesAt(opened.own, padded, ['d/a', 'd'])).keys()]).toEqual(['d/a'])
})

test('an object that a power cut left empty is written again', async () => {
  const opened = await openBoth(makeRepository())
  const [written = ''] = await writeTrees(opened.own, opened.head, [[put('src/n', 'n')]])
  const path = join(opened.own.directory, 'objects', written.slice(0, 2), written.slice(2))
  chmodSync(path, 0o644)
  writeFileSync(path, '')
  expect(await writeTrees(opened.own, opened.head, [[put('src/n', 'n')]])).toEqual([written])
  fsck(opened)
})

test('random compositions are the trees that an index of the same edits gives', async () => {
  const opened = await openBoth(
    makeRepository({ files: { a: '1', 'b/c': '2', 'b/d/e': '3', 'b-': '4', b0: '5' } }),
  )
  const path = fc
    .array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'b-', 'b0', 'z'), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join('/'))
  const edits = fc.uniqueArray(fc.record({ path, content: fc.option(fc.string({ maxLength: 3 })) }), {
    selector: (edit) => edit.path,
    maxLength: 5,
  })
  await fc.assert(
    fc.asyncProperty(edits, async (chosen) => {
      const files = chosen.map(({ path, content }) => (content === null ? removed(path) : put(path, content)))
      const written = await writeTrees(opened.own, opened.head, [files]).catch(() => null)
      if (written !== null) expect(contentsOf(opened, written[0]!)).toEqual(expectedContents(opened, files))
    }),
    { numRuns: 60 },
  )
  fsck(opened)
})

function expectedContents(opened: Opened, edits: readonly FileEdit[]): Record<string, string> {
  const expected = contentsOf(opened, opened.head)
  for (const edit of edits) delete expected[edit.path]
  for (const edit of edits)
    if ('content' in edit) expected[edit.path] = Buffer.from(edit.content, 'latin1').toString('latin1')
  return expected
}

function contentsOf(opened: Opened, tree: string): Record<string, string> {
  const names = gitIn(opened.own.directory, ['ls-tree', '-r', '--name-only', tree])
    .split('\n')
    .filter(Boolean)
  return Object.fromEntries(
    names.map((name) => [name, gitIn(opened.own.directory, ['cat-file', 'blob', `${tree}:${name}`])]),
  )
}

function listing(opened: Opened, tree: string): string[] {
  const lines = gitIn(opened.own.directory, ['ls-tree', '-r', tree]).split('\n').filter(Boolean)
  return lines.map((line) => line.replace(/ \w+ \w+\t/, ' '))
}

async function textAt(opened: Opened, tree: string, path: string): Promise<string | undefined> {
  const oid = gitIn(opened.own.directory, ['rev-parse', `${tree}:${path}`]).trim()
  return (await readBlobs(opened.own, [oid])).get(oid)
}

function fsck(opened: Opened): void {
  gitIn(opened.own.directory, ['fsck', '--strict', '--no-dangling'])
}
