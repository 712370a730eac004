import { array, asyncProperty, constantFrom, record } from 'fast-check'
import { expect, test } from 'vitest'
import { readBlobs } from '../../../../src/adapters/git/object/blob.ts'
import { enumerateCandidates } from '../../../../src/adapters/git/diff/enumerate.ts'
import type { Change } from '../../../../src/core/merge/change.ts'
import { splice } from '../../../../src/core/merge/splice.ts'
import { holdsAsync } from '../../../support/async-property.ts'
import { gitIn, makeRepository } from '../../../support/git-repository.ts'
import { openBoth } from '../../../support/own-repository.ts'
import type { Opened } from '../../../support/own-repository.ts'

type File = readonly [mode: string, text: string]
type Files = Readonly<Record<string, File>>

test('an edit is atoms in base lines, with exact bytes', async () => {
  const opened = await openBoth(makeRepository())
  const base = 'a\nb\nc\nd\ne\n'
  const cases: readonly (readonly [string, unknown])[] = [
    ['A\nb\nc\nd\ne\n', [{ start: 0, end: 1, text: 'A\n' }]],
    ['x\na\nb\nc\nd\ne\n', [{ start: 0, end: 0, text: 'x\n' }]],
    ['a\nb\nc\nd\ne\nx\n', [{ start: 5, end: 5, text: 'x\n' }]],
    ['a\nb\nc\nd\ne', [{ start: 4, end: 5, text: 'e' }]],
    ['a\nb\r\nd\ne\n', [{ start: 1, end: 3, text: 'b\r\n' }]],
    ['', [{ start: 0, end: 5, text: '' }]],
    [
      'a\n-- b\n+++ c\nc\n@@ -1 +1 @@\nd\n\\ No newline at end of file\ne\n',
      [
        { start: 1, end: 2, text: '-- b\n+++ c\n' },
        { start: 3, end: 3, text: '@@ -1 +1 @@\n' },
        { start: 4, end: 4, text: '\\ No newline at end of file\n' },
      ],
    ],
  ]
  for (const [text, atoms] of cases) {
    const changes = await changesOf(opened, { f: ['100644', base] }, { f: ['100644', text] })
    expect(changes, text).toMatchObject([{ kind: 'text', path: 'f', atoms }])
  }
})

test('a function that is added among others like it begins with its head', async () => {
  const opened = await openBoth(makeRepository())
  const made = (name: string): string => `function ${name}() {\n  return ${name}\n}\n\n`
  // With what b and c end with alike these are 1024 bytes, which git leaves out where no line is shown around a change.
  const end = 'x\n'.repeat(510)
  const after = made('a') + made('b') + made('c') + end
  const before = made('a') + made('b') + end
  const changes = await changesOf(opened, { f: ['100644', before] }, { f: ['100644', after] })
  expect(changes).toMatchObject([{ kind: 'text', atoms: [{ start: 8, end: 8, text: made('c') }] }])
})

test('an insertion between equal blocks is that insertion, not a replacement of its neighbours', async () => {
  const opened = await openBoth(makeRepository())
  const block = 'c\na\nd\n'
  for (const [before, after, atom] of [
    ['a\na\na\n', 'a\nX\na\na\n', { start: 1, end: 1, text: 'X\n' }],
    [block.repeat(3), `${block}X\na\nX\nb\n${block}${block}`, { start: 3, end: 3, text: 'X\na\nX\nb\n' }],
    ['b\nb\nb\nb', 'b\nb\nb\na\nX\nb', { start: 3, end: 3, text: 'a\nX\n' }],
    ['a\nX\na\na\n', 'a\na\na\n', { start: 1, end: 2, text: '' }],
  ] as const) {
    const [change] = await changesOf(opened, { f: ['100644', before] }, { f: ['100644', after] })
    expect([before, after, change?.kind === 'text' ? change.atoms : null]).toEqual([before, after, [atom]])
  }
})

test('what is no plain edit of a text is a unit of its own kind', async () => {
  const opened = await openBoth(makeRepository())
  const text: File = ['100644', 'x\n']
  const cases: readonly (readonly [string, File | null, File | null])[] = [
    ['add', null, text],
    ['add', null, ['100755', 'x\n']],
    ['add', null, ['100644', '']],
    ['delete', text, null],
    ['delete', ['100644', 'a\0b'], null],
    ['mode', text, ['100755', 'x\n']],
    ['type', text, ['120000', 'target']],
    ['type', ['120000', 'target'], text],
    ['symlink', ['120000', 'target'], ['120000', 'other']],
    ['symlink', null, ['120000', 'target']],
    ['binary', text, ['100644', 'a\0b']],
    ['binary', ['100644', 'a\0b'], text],
    ['binary', null, ['100644', 'a\0b']],
    ['binary', ['100644', `${'x'.repeat(7999)}\0`], text],
  ]
  for (const [unit, before, after] of cases) {
    const changes = await changesOf(
      opened,
      before === null ? {} : { f: before },
      after === null ? {} : { f: after },
    )
    expect(changes, JSON.stringify([unit, before, after])).toMatchObject([{ kind: 'unit', unit, path: 'f' }])
    const [change] = changes
    expect([change?.base?.mode, change?.entry?.mode]).toEqual([before?.[0], after?.[0]])
  }
})

test('the mode of a file is apart from its content, be that text or not', async () => {
  const opened = await openBoth(makeRepository())
  const [text, binary] = [
    await changesOf(opened, { f: ['100644', 'x\n'] }, { f: ['100755', 'y\n'] }),
    await changesOf(opened, { f: ['100755', 'a\0b'] }, { f: ['100644', 'c\0d'] }),
  ]
  expect(text).toMatchObject([
    { kind: 'text', entry: { mode: '100644' }, atoms: [{ start: 0, end: 1, text: 'y\n' }] },
    { unit: 'mode', entry: { mode: '100755', oid: text[0]?.base?.oid } },
  ])
  expect(binary).toMatchObject([
    { unit: 'binary', entry: { mode: '100755' } },
    { unit: 'mode', entry: { mode: '100644', oid: binary[0]?.base?.oid } },
  ])
})

test('a renamed file has its path, its mode and its content apart, under the path of the base', async () => {
  const opened = await openBoth(makeRepository())
  const text = Array.from({ length: 20 }, (_, index) => `${index}\n`).join('')
  const changes = await changesOf(
    opened,
    {
      old: ['100644', text],
      'old.bin': ['100644', `\0${text}`],
      link: ['120000', 'target'],
      empty: ['100644', ''],
    },
    {
      'a\tb\n"\\': ['100755', text.replace('7', 'seven')],
      'new.bin': ['100644', `\0${text}x`],
      'new link': ['120000', 'target'],
      void: ['100644', ''],
    },
  )
  expect(changes).toMatchObject([
    { unit: 'delete', path: 'empty' },
    { unit: 'rename', path: 'link', entry: { mode: '120000' }, to: 'new link' },
    { kind: 'text', path: 'old', atoms: [{ start: 7, end: 8, text: 'seven\n' }] },
    { unit: 'mode', path: 'old', entry: { mode: '100755' } },
    { unit: 'rename', path: 'old', entry: { mode: '100644' }, to: 'a\tb\n"\\' },
    { unit: 'binary', path: 'old.bin' },
    { unit: 'rename', path: 'old.bin', to: 'new.bin' },
    { unit: 'add', path: 'void' },
  ])
})

test('of several files like one that went, one is its new path and the others are new files', async () => {
  const opened = await openBoth(makeRepository())
  const text = Array.from({ length: 20 }, (_, index) => `${index}\n`).join('')
  const cases = [
    [text, text, 'add'],
    [text, `${text}more\n`, 'add'],
    [`\0${text}`, `\0${text}`, 'binary'],
    [`\0${text}`, `\0${text}more`, 'binary'],
  ] as const
  for (const [before, after, unit] of cases) {
    const copies = { a: ['100644', after], b: ['100644', after], c: ['100755', before] } as const
    const changes = await changesOf(opened, { old: ['100644', before] }, copies)
    const added = changes.filter(({ base }) => base === null)
    expect(changes.filter((change) => change.kind === 'unit' && change.unit === 'rename')).toHaveLength(1)
    expect(added.map((change) => change.kind === 'unit' && change.unit)).toEqual([unit, unit])
  }
})

test('files that change places, or take the place of one that moves on, are the edits that git shows', async () => {
  const opened = await openBoth(makeRepository())
  const text = (word: string): File => {
    return ['100644', Array.from({ length: 20 }, (_, index) => `${word} ${index}\n`).join('')]
  }
  const [left, right] = [text('left'), text('right')]
  const cases: readonly (readonly [Files, readonly string[]])[] = [
    [{ a: right, b: left }, ['M a', 'M b']],
    [{ b: left, c: right }, ['D a', 'M b', 'A c']],
  ]
  for (const [after, shown] of cases) {
    const trees = [writeTree(opened, { a: left, b: right }), writeTree(opened, after)]
    const diff = gitIn(opened.own.directory, ['diff-tree', '-r', '-M', '--name-status', ...trees])
    expect(diff.trim().replaceAll('\t', ' ').split('\n')).toEqual(shown)
    const changes = await changesOf(opened, { a: left, b: right }, after)
    const letters = { text: 'M', add: 'A', delete: 'D' } as Readonly<Record<string, string>>
    const known = changes.map((change) => {
      const kind = change.kind === 'unit' ? change.unit : change.kind
      return `${letters[kind] ?? kind} ${change.path}`
    })
    expect(known).toEqual(shown)
  }
})

test('a pointer of Git LFS is taken whole, a text that speaks of one is not', async () => {
  const opened = await openBoth(makeRepository())
  const pointer = (digit: string): File => {
    const oid = digit.repeat(64)
    return ['100644', `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 12\n`]
  }
  const text: File = ['100644', 'x\n']
  const about: File = ['100644', `A pointer:\n${pointer('3')[1]}`]
  const cases: readonly (readonly [string, File | null, File | null])[] = [
    ['binary', pointer('1'), pointer('2')],
    ['binary', null, pointer('1')],
    ['binary', text, pointer('1')],
    ['delete', pointer('1'), null],
    ['text', text, about],
    ['add', null, about],
  ]
  for (const [kind, before, after] of cases) {
    const files = [before, after].map((file) => (file === null ? {} : { f: file }))
    const [change, ...others] = await changesOf(opened, files[0] ?? {}, files[1] ?? {})
    expect([change?.kind === 'unit' ? change.unit : change?.kind, others]).toEqual([kind, []])
  }
  const copies = { a: pointer('1'), b: pointer('1') }
  const copied = await changesOf(opened, { old: pointer('1') }, copies)
  expect(copied.map((change) => change.kind === 'unit' && change.unit)).toEqual(['binary', 'rename'])
})

test('a NUL after the first 8000 bytes is still text', async () => {
  const opened = await openBoth(makeRepository())
  const long = 'x'.repeat(7999)
  const changes = await changesOf(
    opened,
    { f: ['100644', `${long}\n\0\n`] },
    { f: ['100644', `${long}\n\0\nmore\n`] },
  )
  expect(changes).toMatchObject([{ kind: 'text', atoms: [{ start: 2, end: 2, text: 'more\n' }] }])
})

test('a submodule that moved is a unit', async () => {
  const opened = await openBoth(makeRepository())
  const [from, to] = ['1'.repeat(40), '2'.repeat(40)]
  const changes = await changesOf(opened, { m: ['160000', from] }, { m: ['160000', to], n: ['160000', to] })
  expect(changes).toMatchObject([
    { kind: 'unit', unit: 'submodule', base: { oid: from }, entry: { oid: to } },
    { kind: 'unit', unit: 'submodule', base: null },
  ])
})

test('attributes and configuration change nothing', async () => {
  const root = makeRepository({ files: { '.gitattributes': '* -diff\n', f: 'a\nb\n' } })
  for (const [key, value] of [
    ['diff.noprefix', 'true'],
    ['diff.algorithm', 'patience'],
    ['color.ui', 'always'],
  ]) {
    gitIn(root, ['config', key ?? '', value ?? ''])
  }
  const opened = await openBoth(root)
  const base = writeTree(opened, { f: ['100644', 'a\nb\n'], '.gitattributes': ['100644', '* -diff\n'] })
  const tree = writeTree(opened, { f: ['100644', 'a\nB\n'], '.gitattributes': ['100644', '* -diff\n'] })
  const [candidate] = await enumerateCandidates(opened.own, base, [{ agent: 'x', tree }])
  expect(candidate?.changes).toMatchObject([{ kind: 'text', atoms: [{ start: 1, end: 2, text: 'B\n' }] }])
})

test('hostile names come out as they are, in order of bytes, for several agents at once', async () => {
  const names = [
    '-f',
    ' ',
    '"',
    "'",
    'a\tb',
    'a\nindex 0..1',
    '\\',
    'diff --git a',
    'caf\u00c3\u00a9',
    '\u00ff\u00fe',
    'é'.normalize('NFD'),
  ]
  const latin1 = names.map((name) =>
    Array.from(name).some((char) => char > '\u00ff') ? Buffer.from(name).toString('latin1') : name,
  )
  const opened = await openBoth(makeRepository())
  const base = writeTree(
    opened,
    Object.fromEntries(latin1.map((name) => [name, ['100644', 'old\n'] as const])),
  )
  const tree = writeTree(
    opened,
    Object.fromEntries(latin1.map((name) => [name, ['100644', `${name}\n`] as const])),
  )
  const agents = [
    { agent: 'a', tree },
    { agent: 'same', tree: base },
    { agent: 'b', tree },
  ]
  const [first, same, second] = await enumerateCandidates(opened.own, base, agents)
  const order = latin1.toSorted().map((name) => Buffer.from(name, 'latin1'))
  expect(first?.changes.map(({ path }) => bytes(path))).toEqual(order)
  expect(first?.changes).toEqual(second?.changes)
  expect(same?.changes).toEqual([])
})

test('a base may be a commit, and no agents need no process', async () => {
  const opened = await openBoth(makeRepository({ files: { f: 'a\n' } }))
  const tree = writeTree(opened, { f: ['100644', 'b\n'] })
  const [candidate] = await enumerateCandidates(opened.own, opened.head, [{ agent: 'x', tree }])
  expect(candidate?.changes).toHaveLength(1)
  expect(await enumerateCandidates(opened.own, opened.head, [])).toEqual([])
})

test('splicing all atoms into the base gives the very blob', async () => {
  const opened = await openBoth(makeRepository())
  const line = constantFrom(
    'a\n',
    'b\n',
    '\n',
    '\r\n',
    'a\r\n',
    '@@ -1,2 +3 @@\n',
    '-x\n',
    '+y\n',
    '\\ n\n',
    '\u00ff\u00fe\n',
    'diff --git a/f b/f\n',
  )
  const text = record({
    lines: array(line, { maxLength: 12 }),
    end: constantFrom('', '', 'tail', '\r', '\\'),
  })
  const texts = array(record({ base: text, other: text }), { minLength: 1, maxLength: 20 })
  const joined = ({ lines, end }: { lines: string[]; end: string }): string => lines.join('') + end
  await holdsAsync(
    asyncProperty(texts, async (pairs) => {
      const files = (side: 'base' | 'other'): Files =>
        Object.fromEntries(pairs.map((pair, index) => [`f${index}`, ['100644', joined(pair[side])] as const]))
      const [base, tree] = [writeTree(opened, files('base')), writeTree(opened, files('other'))]
      const [candidate] = await enumerateCandidates(opened.own, base, [{ agent: 'x', tree }])
      const changes = candidate?.changes ?? []
      const blobs = await readBlobs(
        opened.own,
        changes.flatMap(({ base: from, entry }) => [from?.oid ?? '', entry?.oid ?? '']),
      )
      for (const change of changes) {
        if (change.kind !== 'text') throw new Error(`${change.path} is no text`)
        expect(splice(blobs.get(change.base.oid) ?? '?', change.atoms)).toBe(blobs.get(change.entry.oid))
        for (const [index, atom] of change.atoms.entries())
          expect(atom.start).toBeGreaterThan(change.atoms[index - 1]?.end ?? -1)
      }
      const differing = pairs.filter((pair) => joined(pair.base) !== joined(pair.other))
      expect(changes).toHaveLength(differing.length)
    }),
    25,
  )
})

test('blobs are read exactly, and a missing one is named', async () => {
  const opened = await openBoth(makeRepository())
  const content = Buffer.from([0, 10, 10, 255, 13])
  const oid = gitIn(opened.own.directory, ['hash-object', '-w', '--stdin'], content).trim()
  expect(await readBlobs(opened.own, [oid, oid])).toEqual(new Map([[oid, content.toString('latin1')]]))
  await expect(readBlobs(opened.own, ['3'.repeat(40)])).rejects.toThrow('3'.repeat(40))
  expect(await readBlobs(opened.own, [])).toEqual(new Map())
})

async function changesOf(opened: Opened, before: Files, after: Files): Promise<readonly Change[]> {
  const [base, tree] = [writeTree(opened, before), writeTree(opened, after)]
  return (await enumerateCandidates(opened.own, base, [{ agent: 'x', tree }]))[0]?.changes ?? []
}

// A flat tree of files by their latin1 names; a submodule's text is its commit.
function writeTree({ own }: Opened, files: Files): string {
  const lines = Object.entries(files).map(([path, [mode, text]]) => {
    if (mode === '160000') return `160000 commit ${text}\t${path}\0`
    return `${mode} blob ${gitIn(own.directory, ['hash-object', '-w', '--stdin'], Buffer.from(text, 'latin1')).trim()}\t${path}\0`
  })
  return gitIn(own.directory, ['mktree', '-z', '--missing'], Buffer.from(lines.join(''), 'latin1')).trim()
}

function bytes(path: string): Buffer {
  const parts = Array.from(path).map((char) =>
    /[\udc80-\udcff]/.test(char) ? Buffer.of(char.charCodeAt(0) - 0xdc00) : Buffer.from(char),
  )
  return Buffer.concat(parts)
}
