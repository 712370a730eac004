import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { patternOf } from '../../../../src/adapters/git/worktree/encodings.ts'
import { gitBytesIn, gitIn, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { makeAgentWorktree } from '../../../support/agent-worktree.ts'
import { expectPlainTree, openBoth, type Opened, snapshotOf } from '../../../support/own-repository.ts'

const attributes = `
*.u16 text working-tree-encoding=UTF-16
*.u16le text working-tree-encoding=UTF-16LE eol=crlf
*.latin working-tree-encoding=ISO-8859-1
*.sjis working-tree-encoding=SHIFT-JIS
*.odd text working-tree-encoding=NO-SUCH-NAME
*.set working-tree-encoding
*.unset -working-tree-encoding
`

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')

const convertible = {
  'a.u16': utf16('one\ntwo\n'),
  'empty.u16': '',
  'b.u16le': Buffer.from('one\r\ntwo\r\n', 'utf16le'),
  'c.latin': Buffer.from('caf\u00e9\n', 'latin1'),
  'd.sjis': Buffer.from([0x93, 0xfa, 0x96, 0x7b, 0x0a]),
}

const names = ['plain', 'a b', '"q"', 'new\nline', 'glob*[a]?', 'back\\slash', '!x', '#y', 'tab\t', 'cafü']
const unconvertible: Readonly<Record<string, string | Buffer>> = {
  ...Object.fromEntries(names.map((name) => [`deep/${name}.u16`, `no byte order mark\r\nin ${name}\r\n`])),
  'half.u16': Buffer.concat([utf16('one\n'), Buffer.of(0x61)]),
  'bytes.sjis': Buffer.of(0xff, 0xfe, 0x00),
  'x.odd': 'x\r\n',
  'x.set': 'x\r\n',
  'x.unset': 'x\n',
}

test('a file that git converts to UTF-8 is captured as git converts it', async () => {
  const opened = await openBoth(makeRepository({ files: { '.gitattributes': attributes, ...convertible } }))
  writeFiles(opened.root, { 'a.u16': utf16('ONE\ntwo\n'), 'new.u16': utf16('new\n'), 'c.latin': 'plain\n' })
  expect((await snapshotOf(opened)).unconverted).toEqual([])
  await expectPlainTree(opened)
})

test('files that git cannot convert are captured byte for byte and named, the others as ever', async () => {
  const opened = await openBoth(makeRepository({ files: { '.gitattributes': attributes } }))
  writeFiles(opened.root, { ...convertible, ...unconvertible, 'plain.txt': 'plain\n' })
  const first = await snapshotOf(opened)
  expect(first.unconverted).toEqual(Object.keys(unconvertible).toSorted())
  expectBytes(opened, first.tree, unconvertible)
  expectBytes(opened, first.tree, { 'a.u16': 'one\ntwo\n', 'c.latin': 'caf\u00e9\n', 'plain.txt': 'plain\n' })
  expect(await snapshotOf(opened)).toEqual(first)

  appendFileSync(`${opened.root}/x.set`, 'more\n')
  writeFileSync(`${opened.root}/half.u16`, utf16('whole\n'))
  rmSync(`${opened.root}/x.odd`)
  const second = await snapshotOf(opened)
  const left = first.unconverted.filter((path) => !['half.u16', 'x.odd'].includes(path))
  expect(second.unconverted).toEqual(left)
  expectBytes(opened, second.tree, { 'x.set': 'x\r\nmore\n', 'half.u16': 'whole\n' })
})

test('an agent that writes such attributes and such files is captured', async () => {
  const agent = await makeAgentWorktree(makeRepository({ files: convertible }))
  writeFiles(agent.workTree, { '.gitattributes': attributes, ...unconvertible })
  const taken = await agent.capture()
  expect(taken.unconverted).toEqual(Object.keys(unconvertible).toSorted())
  expectBytes(agent, taken.tree, unconvertible)
  expect(await agent.capture()).toEqual(taken)
})

test('a path of any length is set aside alone, or by its name', () => {
  expect(patternOf('a/b *.c')).toBe(String.raw`"/a/b \134*.c"`)
  const name = '*'.repeat(250)
  expect(patternOf(`${'d/'.repeat(900)}${name}`)).toBe(`"${String.raw`\134*`.repeat(250)}"`)
})

function expectBytes(opened: Opened, tree: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    const line = gitIn(opened.own.directory, ['ls-tree', '-z', '-r', '--full-tree', tree])
      .split('\0')
      .find((each) => each.split('\t').slice(1).join('\t') === Buffer.from(path).toString('latin1'))
    const oid = line?.split(/[ \t]/)[2] ?? ''
    expect([path, gitBytesIn(opened.own.directory, ['cat-file', 'blob', oid])]).toEqual([
      path,
      Buffer.from(content),
    ])
  }
}
