import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { byteSettings } from '../../../../src/adapters/git/repository/byte-settings.ts'
import { giveCommit } from '../../../../src/adapters/git/repository/give.ts'
import { git } from '../../../../src/adapters/git/command/git.ts'
import { addWorktree } from '../../../../src/adapters/git/worktree/worktree.ts'
import { KageError } from '../../../../src/core/error.ts'
import { commitAll, gitIn, headOf, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import {
  expectPlainTree,
  expectText,
  openBoth,
  snapshotOf,
  treeLines,
  treePaths,
} from '../../../support/own-repository.ts'
import { temporaryDirectory } from '../../../support/temporary.ts'
import { userFingerprint } from '../../../support/user-fingerprint.ts'

test('an unchanged worktree gives exactly the tree of its base', async () => {
  const opened = await openBoth(makeRepository())
  const taken = await snapshotOf(opened)
  expect(taken.tree).toBe(treeOf(opened.root, 'HEAD'))
  expect(taken.changed).toEqual({ files: 0, added: 0, deleted: 0 })
})

test('edits, new files, modes, links and deletions are in the tree that plain git makes', async () => {
  const root = makeRepository({
    files: { a: 'a\n', gone: 'x\n', 'dir/b': 'b\n', run: '#!/bin/sh\n', turned: 'x\n' },
  })
  const opened = await openBoth(root)
  writeFiles(root, { a: 'A\nA\n', 'new/deep/file': 'new\n', 'swap/x': '1\n' })
  rmSync(join(root, 'gone'))
  chmodSync(join(root, 'run'), 0o755)
  symlinkSync('../outside', join(root, 'link'))
  rmSync(join(root, 'dir'), { recursive: true })
  writeFileSync(join(root, 'dir'), 'now a file\n')
  rmSync(join(root, 'turned'))
  mkdirSync(join(root, 'turned'))
  writeFileSync(join(root, 'turned', 'inner'), 'x\n')
  await expectPlainTree(opened)
  expect((await snapshotOf(opened)).changed).toMatchObject({ files: 9 })
})

test('a directory that became a link to its moved self is taken as a link', async () => {
  const root = makeRepository({ files: { 'docs/a': 'a\n', 'docs/b': 'b\n' } })
  const opened = await openBoth(root)
  execFileSync('mv', ['docs', 'moved'], { cwd: root })
  symlinkSync('moved', join(root, 'docs'))
  await expectPlainTree(opened)
})

test('what lies behind a link in place of a tracked directory is gone, though the link is ignored', async () => {
  const root = makeRepository({ files: { '.gitignore': 'out\n', 'out/a': 'a\n', 'out/b': 'b\n' } })
  const opened = await openBoth(root)
  rmSync(join(root, 'out'), { recursive: true })
  writeFiles(root, { 'else/a': 'other\n' })
  symlinkSync('else', join(root, 'out'))
  await expectPlainTree(opened)
})

test('untracked files are in, ignored ones are not, and what was forced in stays', async () => {
  const root = makeRepository({ files: { '.gitignore': '*.log\nsecret.env\n', 'kept.log': 'forced\n' } })
  writeFileSync(join(root, '.git/info/exclude'), 'mine\n')
  const opened = await openBoth(root)
  writeFiles(root, { 'kept.log': 'edited\n', 'other.log': 'x', 'secret.env': 'x', mine: 'x', untracked: 'x' })
  expect(treePaths(opened, (await snapshotOf(opened)).tree)).toEqual(['.gitignore', 'kept.log', 'untracked'])
  await expectPlainTree(opened)
})

test('names of any bytes are kept', async () => {
  const root = makeRepository()
  const opened = await openBoth(root)
  for (const name of [
    ' ',
    '-rf',
    '"q"',
    "'",
    'a\tb',
    'a\nb',
    'back\\slash',
    'ünï',
    ':(top)x',
    '*',
    'a]b[',
    '#',
    '!x',
  ]) {
    writeFileSync(join(root, name), name)
  }
  writeFileSync(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.of(0xe9, 0xff)]), 'latin1')
  await expectPlainTree(opened)
})

test('line ends are converted as the person configured it', async () => {
  const root = makeRepository()
  gitIn(root, ['config', 'core.autocrlf', 'true'])
  gitIn(root, ['config', 'core.safecrlf', 'true'])
  writeFileSync(join(root, '.git/info/attributes'), '*.bin -text\n')
  rmSync(join(root, 'a.txt'))
  gitIn(root, ['checkout', '-q', '--', 'a.txt'])
  const opened = await openBoth(root)
  utimesSync(join(root, 'a.txt'), 1, 1)
  expect((await snapshotOf(opened)).tree).toBe(treeOf(root, 'HEAD'))
  writeFiles(root, { 'new.txt': 'a\r\nb\r\n', 'new.bin': 'a\r\nb\r\n' })
  await expectText(opened, 'new.txt', 'a\nb\n')
  await expectText(opened, 'new.bin', 'a\r\nb\r\n')
})

test('byte settings hold as they were pinned, whatever the repository says later', async () => {
  const root = makeRepository()
  const opened = await openBoth(root)
  gitIn(root, ['config', 'core.autocrlf', 'true'])
  writeFileSync(join(root, '.git/info/exclude'), 'new.txt\n')
  writeFiles(root, { 'new.txt': 'a\r\n' })
  await expectText(opened, 'new.txt', 'a\r\n')
})

test('nested repositories are submodule entries, or left out without a commit, and named', async () => {
  const root = makeRepository()
  const opened = await openBoth(root)
  makeRepository({ at: join(root, 'vendor/inner') })
  mkdirSync(join(root, 'empty'))
  gitIn(join(root, 'empty'), ['init', '-q'])
  writeFiles(root, { 'empty/file': 'x\n' })
  const taken = await snapshotOf(opened)
  expect(taken.nested.toSorted()).toEqual(['empty', 'vendor/inner'])
  expect(treeLines(opened, taken.tree)).toContain(
    `160000 commit ${headOf(join(root, 'vendor/inner'))}\tvendor/inner`,
  )
})

test('a submodule that is not checked out is no change', async () => {
  const root = makeRepository()
  makeRepository({ at: join(root, 'module') })
  commitAll(root, 'with a module')
  const clone = join(temporaryDirectory(), 'clone')
  gitIn(root, ['clone', '-q', root, clone])
  const opened = await openBoth(clone)
  expect((await snapshotOf(opened)).changed.files).toBe(0)
})

test('nothing of the person is written', async () => {
  const root = makeRepository()
  writeFiles(root, { 'a.txt': 'dirty\n', staged: 's\n', untracked: 'u\n' })
  gitIn(root, ['add', 'staged'])
  const opened = await openBoth(root)
  const before = userFingerprint(root)
  await snapshotOf(opened)
  expect(userFingerprint(root)).toEqual(before)
})

test('a snapshot outlives the objects of the person', async () => {
  const root = makeRepository()
  const opened = await openBoth(root)
  writeFiles(root, { 'a.txt': 'committed by the agent\n', 'deep/er/b': 'b\n' })
  commitAll(root, 'agent')
  const taken = await snapshotOf(opened)
  gitIn(root, ['reset', '-q', '--hard', opened.head])
  gitIn(root, ['reflog', 'expire', '--expire=now', '--all'])
  gitIn(root, ['gc', '-q', '--prune=now'])
  const { stdout } = await git(opened.own.place, ['ls-tree', '-r', '--name-only', taken.commit])
  expect(stdout.toString()).toBe('a.txt\ndeep/er/b\nsrc/b.txt\n')
  await git(opened.own.place, ['rev-list', '--objects', taken.commit])
  const text = await git(opened.own.place, ['cat-file', 'blob', `${taken.commit}:a.txt`])
  expect(text.stdout.toString()).toBe('committed by the agent\n')
})

test('the same work gives the same commit on top of the base, kept under its name', async () => {
  const opened = await openBoth(makeRepository())
  writeFiles(opened.root, { x: 'x\n' })
  const [first, second] = [await snapshotOf(opened, 'r1/coder-1'), await snapshotOf(opened, 'r1/coder-2')]
  expect(first).toEqual(second)
  const refs = await git(opened.own.place, ['for-each-ref', '--format=%(objectname) %(refname)'])
  expect(refs.stdout.toString()).toBe(
    `${first.commit} refs/kage/snapshots/r1/coder-1\n${first.commit} refs/kage/snapshots/r1/coder-2\n`,
  )
  const parent = await git(opened.own.place, ['rev-parse', `${first.commit}^`])
  expect(parent.stdout.toString().trim()).toBe(opened.head)
})

test('a linked worktree, a shallow clone, a sha256 repository and one with borrowed objects work', async () => {
  const first = makeRepository()
  commitAll(first, 'second')
  const place = temporaryDirectory()
  gitIn(first, ['worktree', 'add', '-q', join(place, 'linked')])
  gitIn(first, ['clone', '-q', '--depth=1', `file://${first}`, join(place, 'shallow')])
  gitIn(first, ['clone', '-q', '--shared', first, join(place, 'borrowing')])
  const sha256 = makeRepository({ objectFormat: 'sha256' })
  for (const root of [join(place, 'linked'), join(place, 'shallow'), join(place, 'borrowing'), sha256]) {
    writeFiles(root, { 'a.txt': 'edited\n' })
    await expectPlainTree(await openBoth(root))
  }
})

test('a partial clone works with the objects it has', async () => {
  const source = makeRepository({ files: { a: 'a\n', 'sub/b': 'b\n', 'sub/c': 'c\n' } })
  gitIn(source, ['config', 'uploadpack.allowFilter', 'true'])
  for (const filter of ['blob:none', 'tree:0']) {
    const root = join(temporaryDirectory(), 'partial')
    gitIn(source, ['clone', '-q', `--filter=${filter}`, '--no-checkout', `file://${source}`, root])
    gitIn(root, ['sparse-checkout', 'set', '--no-cone', '/a'])
    gitIn(root, ['checkout', '-q', 'main'])
    const opened = await openBoth(root)
    expect(opened.repository.partial).toBe(true)
    writeFiles(root, { a: 'A\n', new: 'n\n' })
    const taken = await snapshotOf(opened)
    expect(taken.changed).toEqual({ files: 2, added: 2, deleted: 1 })
  }
})

test('a snapshot can be given to the repository, for a worktree that starts from it', async () => {
  const opened = await openBoth(makeRepository())
  writeFiles(opened.root, { 'a.txt': 'dirty\n', new: 'new\n' })
  const { commit } = await snapshotOf(opened)
  await giveCommit(opened.own, opened.repository, commit)
  const path = join(temporaryDirectory(), 'w')
  await addWorktree(opened.repository, { path, branch: 'kage/x', base: commit })
  expect(gitIn(path, ['log', '--format=%H'])).toBe(`${commit}\n${opened.head}\n`)
  expect(gitIn(path, ['diff', '--stat', opened.head])).toContain('2 files changed')
  expect(gitIn(opened.root, ['fsck', '--no-dangling'])).toBe('')
})

test('a worktree that never rests is refused, or caught at one true moment', async () => {
  const opened = await openBoth(makeRepository())
  let count = 0
  const write = (): void => writeFiles(opened.root, { first: `${++count}\n`, second: `${count}\n` })
  write()
  const writer = setInterval(write, 1)
  const taken = await snapshotOf(opened).catch((error: unknown) => error)
  clearInterval(writer)
  if (taken instanceof KageError) expect(taken.code).toBe('KAGE_WORKTREE_RESTLESS')
  else await expectText(opened, 'first', `${count}\n`)
})

test('a worktree that is gone is refused', async () => {
  const opened = await openBoth(makeRepository())
  rmSync(opened.root, { recursive: true })
  await expect(snapshotOf(opened)).rejects.toMatchObject({ code: 'KAGE_WORKTREE_MISSING' })
})

test('an allowed filter of the person runs, one that the repository plants under its name does not', async () => {
  const root = makeRepository({ files: { '.gitattributes': '*.up filter=up\n' } })
  gitIn(root, ['config', 'filter.up.clean', 'echo planted; cat'])
  const home = temporaryDirectory()
  writeFileSync(join(home, '.gitconfig'), '[filter "up"]\n\tclean = tr a-z A-Z\n')
  await withHome(home, async () => {
    const opened = await openBoth(root)
    writeFiles(root, { 'x.up': 'text\n' })
    expect((await snapshotOf(opened)).filtered).toEqual(['x.up'])
    await expectText({ ...opened, settings: await byteSettings(opened.repository, ['up']) }, 'x.up', 'TEXT\n')
  })
})

test('what the person ignores everywhere is ignored', async () => {
  const home = temporaryDirectory()
  writeFiles(home, { '.gitconfig': '[core]\n\texcludesFile = ~/my ignore\n', 'my ignore': '*.swp\n' })
  await withHome(home, async () => {
    const opened = await openBoth(makeRepository({ files: { a: 'a\n' } }))
    writeFiles(opened.root, { 'a.swp': 'x', b: 'b\n' })
    expect(treePaths(opened, (await snapshotOf(opened)).tree)).toEqual(['a', 'b'])
  })
})

async function withHome(home: string, act: () => Promise<void>): Promise<void> {
  const before = process.env['HOME']
  process.env['HOME'] = home
  try {
    await act()
  } finally {
    process.env['HOME'] = before
  }
}

function treeOf(root: string, revision: string): string {
  return gitIn(root, ['rev-parse', `${revision}^{tree}`]).trim()
}
