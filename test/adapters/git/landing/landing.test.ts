import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { LandingTarget } from '../../../../src/adapters/git/landing/landing-plan.ts'
import { performLanding } from '../../../../src/adapters/git/landing/perform.ts'
import type { FileEdit } from '../../../../src/core/merge/change.ts'
import { pathOfBytes } from '../../../../src/core/merge/path.ts'
import { commitAll, gitIn, headOf, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { currentBranch, outcomeOf, planOf, put, removed } from '../../../support/landing.ts'
import { openBoth } from '../../../support/own-repository.ts'
import type { Opened } from '../../../support/own-repository.ts'
import { userFingerprint } from '../../../support/user-fingerprint.ts'

const ten = Array.from({ length: 10 }, (_, index) => `${index + 1}\n`).join('')
const edited = ten.replace('9\n', 'nine\n')

test('a hunk lands in a clean worktree and nothing else changes', async () => {
  const opened = await openWith({ a: ten, b: 'b\n' })
  const before = userFingerprint(opened.root)
  await land(opened, [put('a', edited)])
  expect(read(opened, 'a')).toBe(edited)
  expect(changedSince(before, opened)).toEqual(['a'])
})

test('a hunk lands beside edits that are neither staged nor committed, and what was staged stays staged', async () => {
  const opened = await openWith({ a: ten, b: 'b\n' })
  writeFiles(opened.root, { a: ten.replace('1\n', 'mine\n'), b: 'staged\n', untracked: 'u\n' })
  gitIn(opened.root, ['add', 'b'])
  const before = userFingerprint(opened.root)
  await land(opened, [put('a', edited), put('new/file', 'n\n')])
  expect(read(opened, 'a')).toBe(edited.replace('1\n', 'mine\n'))
  expect(changedSince(before, opened)).toEqual(['a', 'new', 'new/file'])
  expect(status(opened)).toEqual([' M a', 'M  b', '?? new/', '?? untracked'])
})

test('planning writes nothing of the person’s, and a dry run keeps no journal', async () => {
  const opened = await openWith({ a: ten })
  writeFiles(opened.root, { a: ten.replace('1\n', 'mine\n') })
  const before = userFingerprint(opened.root)
  const outcome = await outcomeOf(opened, { edits: [put('a', edited)], dryRun: true })
  expect(outcome.kind).toBe('plan')
  expect(existsSync(join(opened.own.directory, 'landings'))).toBe(false)
  await planOf(opened, { edits: [put('a', edited)] })
  expect(changedSince(before, opened)).toEqual([])
})

test('a plan is plain data', async () => {
  const opened = await openWith({ a: ten })
  const plan = await planOf(opened, { edits: [put('a', edited), put('caf\udce9', 'x')] })
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
  await performLanding(JSON.parse(JSON.stringify(plan)))
  expect(read(opened, 'a')).toBe(edited)
})

test('what the target holds already is nothing to do', async () => {
  const opened = await openWith({ a: ten })
  writeFiles(opened.root, { a: edited })
  expect((await outcomeOf(opened, { edits: [put('a', edited)] })).kind).toBe('nothing')
})

test('an edit of the same line is a conflict and changes nothing', async () => {
  const opened = await openWith({ a: ten })
  writeFiles(opened.root, { a: ten.replace('9\n', 'mine\n') })
  const before = userFingerprint(opened.root)
  const outcome = await outcomeOf(opened, { edits: [put('a', edited)] })
  expect(outcome).toMatchObject({ kind: 'conflict', conflicts: [{ path: 'a', kind: 'content' }] })
  expect(changedSince(before, opened)).toEqual([])
})

test('later decisions land on what was landed before, and fewer of them take it away again', async () => {
  const opened = await openWith({ a: ten })
  const both = edited.replace('8\n', 'eight\n')
  const first = await land(opened, [put('a', edited)])
  const second = await land(opened, [put('a', both)], { base: first.tree })
  expect(read(opened, 'a')).toBe(both)
  await land(opened, [], { base: second.tree })
  expect(read(opened, 'a')).toBe(ten)
})

test('added, deleted, renamed and executable files, links and emptied directories land', async () => {
  const opened = await openWith({
    a: 'a\n',
    'gone/deep/x': 'x\n',
    run: '#!/bin/sh\n',
    link: 'x',
    turned: 't\n',
  })
  await land(opened, [
    put('new/deep/file', 'n\n', '100755'),
    removed('gone/deep/x'),
    put('run', '#!/bin/sh\n', '100755'),
    put('link', 'somewhere/else', '120000'),
    put('dangling', '../../nowhere', '120000'),
    removed('turned'),
    put('turned/inner', 'i\n'),
  ])
  expect(readdirSync(opened.root).toSorted()).toEqual([
    '.git',
    'a',
    'dangling',
    'link',
    'new',
    'run',
    'turned',
  ])
  expect(isExecutable(opened, 'new/deep/file') && isExecutable(opened, 'run')).toBe(true)
  expect(readlinkSync(join(opened.root, 'link'))).toBe('somewhere/else')
  expect(readlinkSync(join(opened.root, 'dangling'))).toBe('../../nowhere')
  expect(read(opened, 'turned/inner')).toBe('i\n')
})

test('a directory gives way to a file when all in it goes', async () => {
  const opened = await openWith({ 'd/a': 'a\n', 'd/e/b': 'b\n' })
  mkdirSync(join(opened.root, 'd/empty'))
  await land(opened, [removed('d/a'), removed('d/e/b'), put('d', 'file\n')])
  expect(read(opened, 'd')).toBe('file\n')
})

test('permissions beyond the execute bit are kept', async () => {
  const opened = await openWith({ a: ten, run: ten })
  chmodSync(join(opened.root, 'a'), 0o640)
  await land(opened, [put('a', edited, '100755'), put('run', edited)])
  expect(lstatSync(join(opened.root, 'a')).mode & 0o777).toBe(0o750)
})

test('names of any bytes land', async () => {
  const opened = await openWith({ a: 'a\n' })
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
    '#(x)',
    '$(x)',
    ' x',
  ]
  await land(
    opened,
    [...names, 'caf\udce9'].map((name) => put(name, 'first\n')),
  )
  const second = await openBoth(opened.root)
  commitAll(opened.root, 'names')
  await land(
    { ...second, head: headOf(opened.root) },
    [...names, 'caf\udce9'].map((name) => put(name, 'second\n')),
  )
  for (const name of names) expect(read(opened, name)).toBe('second\n')
  expect(readFileSync(Buffer.concat([Buffer.from(`${opened.root}/caf`), Buffer.of(0xe9)]), 'utf8')).toBe(
    'second\n',
  )
})

test('line ends are those that a checkout gives, on both sides of an edit', async () => {
  const root = makeRepository({ files: { a: ten, lf: ten, '.gitattributes': 'lf eol=lf\n' } })
  gitIn(root, ['config', 'core.autocrlf', 'true'])
  writeFiles(root, { a: crlf(ten.replace('1\n', 'mine\n')) })
  const opened = await openBoth(root)
  await land(opened, [put('a', edited), put('lf', edited), put('new', 'n\n')])
  expect(read(opened, 'a')).toBe(crlf(edited.replace('1\n', 'mine\n')))
  expect(read(opened, 'lf')).toBe(edited)
  expect(read(opened, 'new')).toBe('n\r\n')
})

test('a file whose line ends are mixed is taken for what it is', async () => {
  const root = makeRepository({ files: { a: ten } })
  gitIn(root, ['config', 'core.autocrlf', 'true'])
  writeFiles(root, { a: ten.replace('1\n', '1\r\n') })
  const opened = await openBoth(root)
  await land(opened, [put('a', edited)])
  expect(read(opened, 'a')).toBe(crlf(edited))
})

test('bytes that are no text land exactly', async () => {
  const opened = await openWith({ bin: '\0\r\n\xff' })
  await land(opened, [put('bin', '\0\r\n\xfe\0')])
  expect(readFileSync(join(opened.root, 'bin'), 'latin1')).toBe('\0\r\n\xfe\0')
})

const occupied: readonly [string, (root: string) => void, FileEdit[]][] = [
  [
    'an ignored secret.env in the way',
    (root) => writeFiles(root, { 'secret.env': 'KEY' }),
    [put('secret.env', 'x')],
  ],
  ['an untracked file in the way', (root) => writeFiles(root, { fresh: 'mine' }), [put('fresh', 'x')]],
  [
    'an untracked file with a name that is no text',
    (root) => writeFileSync(Buffer.from(`${root}/n\u00e9`, 'latin1'), 'mine'),
    [put(pathOfBytes('n\u00e9'), 'x')],
  ],
  [
    'a directory with an untracked file in it where a file must be',
    (root) => writeFiles(root, { 'd/x': 'mine' }),
    [put('d', 'x')],
  ],
  [
    'a link above a new file',
    (root) => symlinkSync('/tmp', join(root, 'linked.env')),
    [put('linked.env/x', 'x')],
  ],
  [
    'an ignored file where a directory must be',
    (root) => writeFiles(root, { 'd.env': 'x' }),
    [put('d.env/x', 'x')],
  ],
  [
    'a directory with an ignored file in it where a file must be',
    (root) => writeFiles(root, { 'd/x.env': 'x' }),
    [put('d', 'x')],
  ],
  [
    'an ignored file beside those that go',
    (root) => writeFiles(root, { 'old/x.env': 'x' }),
    [removed('old/a'), put('old', 'f')],
  ],
]

test.each(occupied)('%s refuses and is left alone', async (_, occupy, edits) => {
  const opened = await openWith({ '.gitignore': '*.env\n', 'old/a': 'a\n' })
  occupy(opened.root)
  const before = userFingerprint(opened.root)
  await expect(outcomeOf(opened, { edits })).rejects.toMatchObject({ code: 'KAGE_TARGET_OCCUPIED' })
  expect(changedSince(before, opened)).toEqual([])
})

test('a repository inside the worktree is not entered', async () => {
  const opened = await openWith({ a: 'a\n', '.gitignore': 'inner\n' })
  makeRepository({ at: join(opened.root, 'inner') })
  await expect(outcomeOf(opened, { edits: [put('inner/x', 'x')] })).rejects.toMatchObject({
    code: 'KAGE_TARGET_OCCUPIED',
  })
})

test('a submodule is not changed in a worktree', async () => {
  const opened = await openWith({ a: 'a\n' })
  const edits: FileEdit[] = [{ path: 'module', mode: '160000', oid: opened.head }]
  await expect(outcomeOf(opened, { edits })).rejects.toMatchObject({ code: 'KAGE_TARGET_OCCUPIED' })
})

test('names that differ by case alone refuse where the file system does not tell them apart', async () => {
  const root = makeRepository({ files: { 'Dir/File': 'x\n' } })
  gitIn(root, ['config', 'core.ignoreCase', 'true'])
  const opened = await openBoth(root)
  for (const edits of [[put('Dir/file', 'y\n')], [put('dir/other', 'y\n')], [put('n', '1'), put('N', '2')]]) {
    await expect(outcomeOf(opened, { edits })).rejects.toMatchObject({ code: 'KAGE_TARGET_OCCUPIED' })
  }
})

test.each(['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'rebase-merge', 'rebase-apply'])(
  '%s refuses',
  async (sign) => {
    const opened = await openWith({ a: ten })
    if (sign.startsWith('rebase')) mkdirSync(join(opened.root, '.git', sign))
    else writeFileSync(join(opened.root, '.git', sign), `${opened.head}\n`)
    for (const target of [{ kind: 'worktree' } as const, currentBranch()]) {
      await expect(outcomeOf(opened, { edits: [put('a', edited)], target })).rejects.toMatchObject({
        code: 'KAGE_REPOSITORY_BUSY',
      })
    }
  },
)

const meanwhile: readonly [string, (root: string) => void][] = [
  ['edited', (root) => writeFiles(root, { a: `${ten}mine\n` })],
  ['replaced by a link', (root) => (rmSync(join(root, 'a')), symlinkSync('b', join(root, 'a')))],
  ['deleted', (root) => rmSync(join(root, 'a'))],
  ['made executable', (root) => chmodSync(join(root, 'a'), 0o755)],
  ['created where a file was to be', (root) => writeFiles(root, { 'z/new': 'mine' })],
  ['put below a link', (root) => (mkdirSync(join(root, 'away')), symlinkSync('away', join(root, 'z')))],
]

test.each(meanwhile)(
  'a path that is %s between plan and landing refuses, and nothing else is written',
  async (_, change) => {
    const opened = await openWith({ a: ten, b: ten })
    const plan = await planOf(opened, { edits: [put('a', edited), put('b', edited), put('z/new', 'n\n')] })
    change(opened.root)
    const before = userFingerprint(opened.root)
    await expect(performLanding(plan)).rejects.toMatchObject({ code: 'KAGE_TARGET_MOVED' })
    expect(changedSince(before, opened)).toEqual([])
  },
)

test('an edit in the last moment is seen, and what was written before it goes back', async () => {
  const opened = await openWith({ a: ten, b: ten, c: ten })
  const plan = await planOf(opened, { edits: [put('a', edited), put('b', edited), put('c', edited)] })
  const fault = (effect: string): void => {
    if (effect === 'place:b') writeFiles(opened.root, { b: 'mine\n' })
  }
  await expect(performLanding(plan, { fault })).rejects.toMatchObject({ code: 'KAGE_TARGET_MOVED' })
  expect([read(opened, 'a'), read(opened, 'b'), read(opened, 'c')]).toEqual([ten, 'mine\n', ten])
  expect(status(opened)).toEqual([' M b'])
})

test('what the person wrote themselves, equal to what lands, survives a refusal', async () => {
  const opened = await openWith({ a: ten, b: ten })
  const plan = await planOf(opened, { edits: [put('a', edited), put('b', edited)] })
  writeFiles(opened.root, { a: edited, b: 'mine\n' })
  await expect(performLanding(plan)).rejects.toMatchObject({ code: 'KAGE_TARGET_MOVED' })
  expect([read(opened, 'a'), read(opened, 'b')]).toEqual([edited, 'mine\n'])
})

test('a worktree that cannot be written is as before', async () => {
  const opened = await openWith({ a: ten, b: ten })
  const plan = await planOf(opened, { edits: [put('a', edited), put('b', edited)] })
  const fault = (effect: string): void => {
    if (effect === 'place:b') throw Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' })
  }
  await expect(performLanding(plan, { fault })).rejects.toMatchObject({ code: 'KAGE_TARGET_UNWRITABLE' })
  expect([read(opened, 'a'), read(opened, 'b'), status(opened)]).toEqual([ten, ten, []])
})

test('a landing of many files lets others have their turn', async () => {
  const opened = await openWith({ a: ten })
  const edits = Array.from({ length: 250 }, (_, number) => put(`new/${number}`, 'n\n'))
  const turns: number[] = []
  let turn = 0
  let timer = setImmediate(function count() {
    turn++
    timer = setImmediate(count)
  })
  await performLanding(await planOf(opened, { edits }), {
    fault: (effect) => void (/^(write|place):/.test(effect) && turns.push(turn)),
  })
  clearImmediate(timer)
  expect(turns).toHaveLength(500)
  expect((turns.at(-1) ?? 0) - (turns[0] ?? 0)).toBeGreaterThanOrEqual(4)
})

test('landing twice is landing once', async () => {
  const opened = await openWith({ a: ten })
  const plan = await land(opened, [put('a', edited)], { target: currentBranch() })
  const before = userFingerprint(opened.root)
  await performLanding(plan)
  expect(changedSince(before, opened)).toEqual([])
})

test('a commit has the person’s name, the message and the agents it comes from, and the worktree follows', async () => {
  const opened = await openWith({ a: ten, gone: 'x\n' })
  const target = currentBranch({
    message: 'Take nine\n\nSigned-off-by: Me <me@x>\n',
    sources: ['r1/a-1', 'r1/b'],
  })
  const plan = await land(opened, [put('a', edited), removed('gone'), put('n/new', 'n\n', '100755')], {
    target,
  })
  expect(headOf(opened.root)).toBe(plan.commit)
  expect(gitIn(opened.root, ['log', '-1', '--format=%an <%ae> %cn%n%B'])).toBe(
    'Test Person <person@example.test> Test Person\nTake nine\n\nSigned-off-by: Me <me@x>\nKage-Agent: r1/a-1\nKage-Agent: r1/b\n\n',
  )
  expect(gitIn(opened.root, ['log', '-1', '--format=%(trailers:key=Kage-Agent,valueonly)'])).toBe(
    'r1/a-1\nr1/b\n\n',
  )
  expect(gitIn(opened.root, ['rev-parse', 'HEAD^', 'HEAD^{tree}'])).toBe(`${opened.head}\n${plan.tree}\n`)
  expect(gitIn(opened.root, ['reflog', '-1', '--format=%gs'])).toBe('kage: Take nine\n')
  expect(status(opened)).toEqual([])
  gitIn(opened.root, ['fsck', '--strict'])
  rmSync(opened.own.directory, { recursive: true })
  gitIn(opened.root, ['fsck', '--strict'])
})

test('a commit leaves edits of other files alone, staged ones refuse', async () => {
  const opened = await openWith({ a: ten, b: 'b\n' })
  writeFiles(opened.root, { b: 'mine\n', untracked: 'u\n' })
  await land(opened, [put('a', edited)], { target: currentBranch() })
  expect(status(opened)).toEqual([' M b', '?? untracked'])
  gitIn(opened.root, ['add', 'b'])
  const now = { ...opened, head: headOf(opened.root) }
  await expect(outcomeOf(now, { edits: [put('a', ten)], target: currentBranch() })).rejects.toMatchObject({
    code: 'KAGE_TARGET_STAGED',
  })
})

test.each([
  ['a', 'mine\n'],
  ['new', 'mine\n'],
])('a commit that touches the uncommitted file %s refuses', async (path, content) => {
  const opened = await openWith({ a: ten })
  writeFiles(opened.root, { [path]: content })
  const before = userFingerprint(opened.root)
  const edits = [put('a', edited), put('new', 'n\n')]
  await expect(outcomeOf(opened, { edits, target: currentBranch() })).rejects.toMatchObject({
    code: 'KAGE_TARGET_OCCUPIED',
  })
  expect(changedSince(before, opened)).toEqual([])
})

test('an edit made in the same moment as the index is not hidden by a commit', async () => {
  const opened = await openWith({ a: ten, b: 'one\n' })
  writeFiles(opened.root, { b: 'two\n' })
  gitIn(opened.root, ['commit', '--quiet', '-m', 'second', 'b'])
  writeFiles(opened.root, { b: 'six\n' })
  await land({ ...opened, head: headOf(opened.root) }, [put('a', edited)], { target: currentBranch() })
  expect(status(opened)).toEqual([' M b'])
})

test('a commit lands where the index is split, and keeps what is only meant to be added', async () => {
  const opened = await openWith({ a: ten, b: 'b\n' })
  gitIn(opened.root, ['update-index', '--split-index'])
  writeFiles(opened.root, { meant: 'm\n' })
  gitIn(opened.root, ['add', '--intent-to-add', 'meant'])
  await land(opened, [put('a', edited)], { target: currentBranch() })
  expect(status(opened)).toEqual([' A meant'])
})

test('a branch that moved between plan and landing refuses', async () => {
  const opened = await openWith({ a: ten })
  const plan = await planOf(opened, { edits: [put('a', edited)], target: currentBranch() })
  gitIn(opened.root, ['commit', '--quiet', '--allow-empty', '-m', 'meanwhile'])
  const before = userFingerprint(opened.root)
  await expect(performLanding(plan)).rejects.toMatchObject({ code: 'KAGE_TARGET_MOVED' })
  expect(changedSince(before, opened)).toEqual([])
})

test('a branch that was left between plan and landing refuses', async () => {
  const opened = await openWith({ a: ten })
  const plan = await planOf(opened, { edits: [put('a', edited)], target: currentBranch() })
  gitIn(opened.root, ['switch', '--quiet', '-c', 'other'])
  await expect(performLanding(plan)).rejects.toMatchObject({ code: 'KAGE_TARGET_MOVED' })
  expect(read(opened, 'a')).toBe(ten)
})

test('another git that holds the index refuses, and its lock stays', async () => {
  const opened = await openWith({ a: ten })
  const plan = await planOf(opened, { edits: [put('a', edited)], target: currentBranch() })
  writeFileSync(join(opened.root, '.git/index.lock'), '')
  const before = userFingerprint(opened.root)
  await expect(performLanding(plan)).rejects.toMatchObject({ code: 'KAGE_REPOSITORY_BUSY' })
  expect(changedSince(before, opened)).toEqual([])
})

test('a look of git at the index between plan and landing is no change', async () => {
  const opened = await openWith({ a: ten, b: ten })
  const plan = await planOf(opened, { edits: [put('a', edited)], target: currentBranch() })
  writeFiles(opened.root, { b: 'staged meanwhile\n' })
  gitIn(opened.root, ['add', 'b'])
  await performLanding(plan)
  expect(status(opened)).toEqual(['M  b'])
})

test('a branch that no worktree has gets a commit, and only its ref and log change', async () => {
  const opened = await openWith({ a: ten })
  gitIn(opened.root, ['branch', 'side'])
  const before = userFingerprint(opened.root)
  const target: LandingTarget = {
    kind: 'branch',
    ref: 'side',
    checkedOut: false,
    message: 'Take',
    sources: [],
  }
  const edits: FileEdit[] = [put('a', edited), { path: 'module', mode: '160000', oid: opened.head }]
  const plan = await land(opened, edits, { target })
  expect(gitIn(opened.root, ['rev-parse', 'side', 'side^'])).toBe(`${plan.commit}\n${opened.head}\n`)
  expect(changedSince(before, opened)).toEqual(['.git/logs/refs/heads/side', '.git/refs/heads/side'])
})

test('a branch named outright that is the current one lands as the current one', async () => {
  const opened = await openWith({ a: ten })
  const target: LandingTarget = {
    kind: 'branch',
    ref: 'main',
    checkedOut: false,
    message: 'Take',
    sources: [],
  }
  await land(opened, [put('a', edited)], { target })
  expect(read(opened, 'a')).toBe(edited)
  expect(status(opened)).toEqual([])
})

test('a branch that another worktree has refuses, and names it', async () => {
  const opened = await openWith({ a: ten })
  gitIn(opened.root, ['worktree', 'add', '--quiet', '-b', 'side', `${opened.root}-side`])
  const target: LandingTarget = {
    kind: 'branch',
    ref: 'side',
    checkedOut: false,
    message: 'Take',
    sources: [],
  }
  await expect(outcomeOf(opened, { edits: [put('a', edited)], target })).rejects.toThrow(
    `${opened.root}-side`,
  )
})

test.each(['nope', 'refs/tags/t', 'HEAD', '', '--all', 'kage*'])('the branch %j is unknown', async (ref) => {
  const opened = await openWith({ a: ten })
  gitIn(opened.root, ['tag', 't'])
  const target: LandingTarget = { kind: 'branch', ref, checkedOut: false, message: 'Take', sources: [] }
  await expect(outcomeOf(opened, { edits: [put('a', edited)], target })).rejects.toMatchObject({
    code: 'KAGE_TARGET_UNKNOWN',
  })
})

test('a branch that stands for another is refused with the name of that one', async () => {
  const opened = await openWith({ a: ten })
  gitIn(opened.root, ['symbolic-ref', 'refs/heads/alias', 'refs/heads/main'])
  const target: LandingTarget = {
    kind: 'branch',
    ref: 'alias',
    checkedOut: false,
    message: 'Take',
    sources: [],
  }
  await expect(outcomeOf(opened, { edits: [put('a', edited)], target })).rejects.toMatchObject({
    code: 'KAGE_TARGET_UNKNOWN',
    hint: 'Name that one: main.',
  })
})

test('no commit is made for a person without a name', async () => {
  const opened = await openWith({ a: ten })
  gitIn(opened.root, ['config', '--unset', 'user.email'])
  const shape = { edits: [put('a', edited)], target: currentBranch() }
  await expect(withoutHome(() => outcomeOf(opened, shape))).rejects.toMatchObject({
    code: 'KAGE_IDENTITY_MISSING',
  })
})

test('planted hooks and programs do not run', async () => {
  const root = makeRepository({ files: { a: ten, '.gitattributes': '* filter=evil merge=evil diff=evil\n' } })
  const marker = join(root, '..', 'marker')
  for (const hook of [
    'pre-commit',
    'post-commit',
    'reference-transaction',
    'post-index-change',
    'commit-msg',
    'post-checkout',
  ]) {
    mkdirSync(join(root, '.git/hooks'), { recursive: true })
    writeFileSync(join(root, '.git/hooks', hook), `#!/bin/sh\ntouch '${marker}'\n`, { mode: 0o755 })
  }
  for (const key of [
    'filter.evil.clean',
    'filter.evil.smudge',
    'merge.evil.driver',
    'diff.evil.textconv',
    'core.fsmonitor',
    'gpg.program',
  ]) {
    gitIn(root, ['config', key, `touch '${marker}'; cat`])
  }
  gitIn(root, ['config', 'commit.gpgSign', 'true'])
  const opened = await openBoth(root)
  // What the filter would make of a file is not known.
  await expect(land(opened, [put('a', edited)])).rejects.toMatchObject({ code: 'KAGE_FILTER_UNTRUSTED' })
  for (const key of ['clean', 'smudge']) gitIn(root, ['config', '--unset', `filter.evil.${key}`])
  const plain = await openBoth(root)
  await land(plain, [put('a', edited), put('new', 'n\n')], { target: currentBranch() })
  const then = { ...plain, head: headOf(root) }
  await land(then, [put('a', ten)])
  expect(existsSync(marker)).toBe(false)
})

test('files that a sparse checkout leaves out come back when they are landed', async () => {
  const root = makeRepository({ files: { 'in/a': ten, 'out/b': ten } })
  gitIn(root, ['sparse-checkout', 'set', 'in'])
  const opened = await openBoth(root)
  await land(opened, [put('in/a', edited), put('out/b', edited)])
  expect([read(opened, 'in/a'), read(opened, 'out/b')]).toEqual([edited, edited])
})

test('a linked worktree and a sha256 repository take landings', async () => {
  const root = makeRepository({ files: { a: ten }, objectFormat: 'sha256' })
  gitIn(root, ['worktree', 'add', '--quiet', '-b', 'side', `${root}-side`])
  const opened = await openBoth(`${root}-side`)
  await land(opened, [put('a', edited)], { target: currentBranch({ ref: 'side' }) })
  expect(status(opened)).toEqual([])
  expect(readFileSync(join(root, 'a'), 'utf8')).toBe(ten)
})

async function openWith(files: Record<string, string>): Promise<Opened> {
  const bytes = Object.entries(files).map(([path, content]) => [path, Buffer.from(content, 'latin1')])
  return await openBoth(makeRepository({ files: Object.fromEntries(bytes) }))
}

async function land(
  opened: Opened,
  edits: readonly FileEdit[],
  shape: { target?: LandingTarget; base?: string } = {},
): ReturnType<typeof planOf> {
  const plan = await planOf(opened, { edits, ...shape })
  await performLanding(plan)
  expect(readdirSync(opened.root, { recursive: true }).filter((name) => name.includes('.kage-'))).toEqual([])
  return plan
}

function changedSince(before: Record<string, string>, opened: Opened): string[] {
  const after = userFingerprint(opened.root)
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => before[path] !== after[path])
    .toSorted()
}

async function withoutHome<T>(action: () => Promise<T>): Promise<T> {
  const { HOME, XDG_CONFIG_HOME } = process.env
  process.env['HOME'] = '/nonexistent'
  delete process.env['XDG_CONFIG_HOME']
  try {
    return await action()
  } finally {
    if (HOME !== undefined) process.env['HOME'] = HOME
    if (XDG_CONFIG_HOME !== undefined) process.env['XDG_CONFIG_HOME'] = XDG_CONFIG_HOME
  }
}

function read(opened: Opened, path: string): string {
  return readFileSync(join(opened.root, path), 'utf8')
}

function status(opened: Opened): string[] {
  return gitIn(opened.root, ['status', '--porcelain']).split('\n').filter(Boolean)
}

function isExecutable(opened: Opened, path: string): boolean {
  return (lstatSync(join(opened.root, path)).mode & 0o111) !== 0
}

function crlf(text: string): string {
  return text.replaceAll('\n', '\r\n')
}
