import { chmodSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dropJournal } from '../../../../src/adapters/git/landing/journal.ts'
import type { LandingPlan, LandingTarget } from '../../../../src/adapters/git/landing/landing-plan.ts'
import { performLanding } from '../../../../src/adapters/git/landing/perform.ts'
import { performUndo, planUndo } from '../../../../src/adapters/git/landing/undo.ts'
import { gitIn, headOf, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { currentBranch, planOf, put, removed } from '../../../support/landing.ts'
import { openBoth } from '../../../support/own-repository.ts'
import type { Opened } from '../../../support/own-repository.ts'
import { userFingerprint } from '../../../support/user-fingerprint.ts'

const ten = Array.from({ length: 10 }, (_, index) => `${index + 1}\n`).join('')
const edited = ten.replace('9\n', 'nine\n')
const edits = [
  put('a', edited),
  put('run', 'r\n', '100755'),
  put('n/e/w', 'n\n'),
  put('bare/inner', 'i\n'),
  removed('gone/x'),
  put('link', 'elsewhere', '120000'),
  removed('turned'),
  put('turned/x', 'i\n'),
  put('caf\udce9', 'x\n'),
]
const side: LandingTarget = { kind: 'branch', ref: 'side', checkedOut: false, message: 'Take', sources: [] }

test('undo gives back every byte, mode, directory and the index of a dirty worktree', async () => {
  const opened = await undoWorld()
  writeFiles(opened.root, { a: ten.replace('1\n', 'mine\n'), staged: 's\n' })
  gitIn(opened.root, ['add', 'staged'])
  gitIn(opened.root, ['add', '--intent-to-add', 'untracked'])
  const before = userFingerprint(opened.root)
  await performUndo(await planUndo(await landed(opened)))
  expect(userFingerprint(opened.root)).toEqual(before)
})

test('undo of a commit gives back the branch, the files and the raw index; logs alone tell', async () => {
  const opened = await undoWorld()
  const before = userFingerprint(opened.root)
  await performUndo(await planUndo(await landed(opened, currentBranch())))
  expect(headOf(opened.root)).toBe(opened.head)
  expect(changed(before, opened)).toEqual(['.git/logs/HEAD', '.git/logs/refs/heads/main'])
})

test('undo of a commit on a branch that no worktree has moves that ref back', async () => {
  const opened = await undoWorld()
  gitIn(opened.root, ['branch', 'side'])
  const before = userFingerprint(opened.root)
  await performUndo(await planUndo(await landed(opened, side)))
  expect(changed(before, opened)).toEqual(['.git/logs/refs/heads/side'])
})

test('later edits of other paths are left alone', async () => {
  const opened = await undoWorld()
  const plan = await landed(opened)
  writeFiles(opened.root, { other: 'later\n', 'n/later': 'later\n', 'bare/later': 'l\n' })
  await performUndo(await planUndo(plan))
  expect(readFileSync(join(opened.root, 'a'), 'utf8')).toBe(ten)
  expect(readdirSync(join(opened.root, 'n'))).toEqual(['later'])
  expect(gitIn(opened.root, ['status', '--porcelain'])).toBe(' M other\n?? bare/\n?? n/\n?? untracked\n')
})

const later: readonly [string, string[], (root: string) => void][] = [
  ['edited', ['a'], (root) => writeFiles(root, { a: 'mine\n' })],
  [
    'replaced by a directory',
    ['link'],
    (root) => (renameSync(join(root, 'link'), join(root, 'was')), mkdirSync(join(root, 'link'))),
  ],
  ['created again', ['gone/x'], (root) => writeFiles(root, { 'gone/x': 'mine\n' })],
  ['edited both', ['a', 'turned/x'], (root) => writeFiles(root, { a: 'mine\n', 'turned/x': 'mine\n' })],
]

test.each(later)(
  'a landed path that was %s since refuses the whole undo and is named',
  async (_, paths, change) => {
    const opened = await undoWorld()
    const plan = await landed(opened)
    change(opened.root)
    const before = userFingerprint(opened.root)
    const failure = await planUndo(plan).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'KAGE_UNDO_CHANGED' })
    for (const path of paths) expect(String(failure)).toContain(JSON.stringify(path))
    expect(changed(before, opened)).toEqual([])
  },
)

const leaving: readonly [string, string, (root: string) => void][] = [
  ['detached', 'it is detached at', (root) => gitIn(root, ['checkout', '--quiet', '--detach'])],
  ['switched', 'it is on "topic"', (root) => gitIn(root, ['checkout', '--quiet', '-b', 'topic'])],
  ['moved back', 'it is on "topic"', (root) => gitIn(root, ['checkout', '--quiet', '-b', 'topic', 'HEAD~1'])],
  ['unborn', 'it is on "none"', (root) => gitIn(root, ['symbolic-ref', 'HEAD', 'refs/heads/none'])],
]

test.each(leaving)(
  'undo of a commit says that HEAD has left its branch (%s), and works once it is back',
  async (_, words, leave) => {
    const opened = await undoWorld()
    const plan = await landed(opened, currentBranch())
    leave(opened.root)
    const before = userFingerprint(opened.root)
    const failure = await planUndo(plan).catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'KAGE_TARGET_MOVED',
      hint: expect.stringContaining('checkout main'),
    })
    expect(String(failure)).toContain(words)
    expect(changed(before, opened)).toEqual([])
    gitIn(opened.root, ['symbolic-ref', 'HEAD', 'refs/heads/main'])
    gitIn(opened.root, ['reset', '--quiet', '--hard'])
    await performUndo(await planUndo(plan))
    expect(headOf(opened.root)).toBe(opened.head)
  },
)

test('undo names the worktree that has checked out the branch which HEAD has left', async () => {
  const opened = await undoWorld()
  const plan = await landed(opened, currentBranch())
  gitIn(opened.root, ['checkout', '--quiet', '--detach'])
  gitIn(opened.root, ['worktree', 'add', '--quiet', '../elsewhere', 'main'])
  const failure = await planUndo(plan).catch((error: unknown) => error)
  expect(failure).toMatchObject({
    code: 'KAGE_TARGET_MOVED',
    hint: expect.stringMatching(/elsewhere.*checkout/),
  })
})

test('a branch that was moved is named as changed, wherever HEAD stands', async () => {
  const opened = await undoWorld()
  const plan = await landed(opened, currentBranch())
  gitIn(opened.root, ['commit', '--quiet', '--allow-empty', '-m', 'later'])
  gitIn(opened.root, ['checkout', '--quiet', '--detach', 'HEAD~1'])
  await expect(planUndo(plan)).rejects.toMatchObject({ code: 'KAGE_UNDO_CHANGED' })
})

test('what was taken back by hand already is no hindrance', async () => {
  const opened = await undoWorld()
  const before = userFingerprint(opened.root)
  const plan = await landed(opened)
  writeFiles(opened.root, { a: ten })
  renameSync(join(opened.root, 'n/e/w'), join(opened.root, 'mine'))
  await performUndo(await planUndo(plan))
  expect(changed(before, opened)).toEqual(['mine'])
})

test('an edit between plan and undo refuses, and what was undone before it comes back', async () => {
  const opened = await undoWorld()
  const undo = await planUndo(await landed(opened))
  const landedState = userFingerprint(opened.root)
  const fault = (effect: string): void => {
    if (effect === 'place:a') writeFiles(opened.root, { mine: 'mine\n' })
    if (effect === 'place:run') writeFiles(opened.root, { run: 'mine\n' })
  }
  await expect(performUndo(undo, { fault })).rejects.toMatchObject({ code: 'KAGE_UNDO_CHANGED' })
  expect(changed(landedState, opened)).toEqual(['mine', 'run'])
})

test.each([currentBranch(), { ...side }])(
  'a branch that went on refuses and is named (%j)',
  async (target) => {
    const opened = await undoWorld()
    gitIn(opened.root, ['branch', 'side'])
    const plan = await landed(opened, target)
    gitIn(opened.root, ['switch', '--quiet', target.kind === 'branch' && target.checkedOut ? 'main' : 'side'])
    gitIn(opened.root, ['commit', '--quiet', '--allow-empty', '-m', 'on top'])
    await expect(planUndo(plan)).rejects.toThrow('refs/heads/')
  },
)

test('git refreshing the index, and other things staged, do not stop the undo of a commit', async () => {
  const opened = await undoWorld()
  const plan = await landed(opened, currentBranch())
  gitIn(opened.root, ['status'])
  writeFiles(opened.root, { other: 'staged later\n' })
  gitIn(opened.root, ['add', 'other'])
  await performUndo(await planUndo(plan))
  expect(headOf(opened.root)).toBe(opened.head)
  expect(gitIn(opened.root, ['status', '--porcelain'])).toBe('M  other\n?? untracked\n')
})

test('a landed path that was staged otherwise since refuses the undo of a commit', async () => {
  const opened = await undoWorld()
  const plan = await landed(opened, currentBranch())
  gitIn(opened.root, ['rm', '--cached', '--quiet', 'a'])
  await expect(planUndo(plan)).rejects.toThrow('the index')
})

test('landings are undone in any order while they do not touch the same paths', async () => {
  const opened = await undoWorld()
  const before = userFingerprint(opened.root)
  const first = await planOf(opened, { edits: [put('a', edited)], id: 'u1' })
  await performLanding(first)
  const second = await planOf(opened, { edits: [put('other', 'x\n')], id: 'u2' })
  await performLanding(second)
  await performUndo(await planUndo(first))
  await performUndo(await planUndo(second))
  expect(changed(before, opened)).toEqual([])
})

test('undo does not depend on what a gc keeps', async () => {
  const opened = await undoWorld()
  writeFiles(opened.root, { a: 'only here\n' })
  gitIn(opened.root, ['add', 'a'])
  writeFiles(opened.root, { a: ten })
  gitIn(opened.root, ['add', 'a'])
  writeFiles(opened.root, { a: ten.replace('1\n', 'only here\n') })
  const before = userFingerprint(opened.root)
  const plan = await landed(opened)
  gitIn(opened.root, ['gc', '--quiet', '--prune=now'])
  gitIn(opened.own.directory, ['gc', '--quiet', '--prune=now'])
  await performUndo(await planUndo(plan))
  expect(changed(before, opened).filter((path) => !path.startsWith('.git/'))).toEqual([])
})

test('a landing whose journal was dropped or damaged cannot be undone', async () => {
  const opened = await undoWorld()
  const plan = await landed(opened)
  const path = join(opened.own.directory, 'landings', plan.id)
  const bytes = readFileSync(path)
  bytes[bytes.length - 1] = 0
  writeFileSync(path, bytes)
  await expect(planUndo(plan)).rejects.toMatchObject({ code: 'KAGE_STORE' })
  await dropJournal(opened.own, plan.id)
  await expect(planUndo(plan)).rejects.toMatchObject({ code: 'KAGE_UNDO_UNKNOWN' })
})

async function undoWorld(): Promise<Opened> {
  const files = { a: ten, 'gone/x': 'x\n', turned: 't\n', run: 'r\n', link: 'l\n', other: 'o\n' }
  const opened = await openBoth(makeRepository({ files }))
  chmodSync(join(opened.root, 'a'), 0o640)
  chmodSync(join(opened.root, 'gone'), 0o750)
  mkdirSync(join(opened.root, 'bare'))
  writeFiles(opened.root, { untracked: 'u\n' })
  return opened
}

async function landed(opened: Opened, target: LandingTarget = { kind: 'worktree' }): Promise<LandingPlan> {
  const plan = await planOf(opened, { edits, target })
  await performLanding(plan)
  return JSON.parse(JSON.stringify(plan)) as LandingPlan
}

function changed(before: Record<string, string>, opened: Opened): string[] {
  const after = userFingerprint(opened.root)
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => before[path] !== after[path])
    .toSorted()
}
