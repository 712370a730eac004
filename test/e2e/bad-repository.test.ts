import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { commitAll, gitIn, makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { refused } from '../support/refusal.ts'
import { userFingerprint } from '../support/user-fingerprint.ts'

const local = ['-c', 'protocol.file.allow=always']

/** A house with one agent that adds a line to a file and makes another. */
function houseOfAda(): House {
  const house = makeHouse()
  house.agent('ada', 'echo more >> a.txt; echo new > new.txt')
  return house
}

/** The whole way there and back: everything of the person's is as before, and what was taken lay there meanwhile. */
async function worksIn(house: House, repository: string): Promise<void> {
  const text = readFileSync(join(repository, 'a.txt'), 'utf8')
  const { run } = await house.done<{ run: RunView }>(repository, [
    'spawn',
    '--wait',
    '--timeout',
    '20',
    'task',
  ])
  expect(run.status).toBe('done')
  const before = userFingerprint(repository)
  const picked = await house.done<Picked>(repository, ['pick', run.id, '--from', 'ada'])
  expect([picked.result, readFileSync(join(repository, 'a.txt'), 'utf8')]).toEqual([
    'landed',
    `${text}more\n`,
  ])
  await house.done(repository, ['undo'])
  await house.done(repository, ['clean', run.id])
  const worktreeEntries = /^\.git\/worktrees/
  const kept = (found: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(found).filter(([path]) => !worktreeEntries.test(path)))
  expect(kept(userFingerprint(repository))).toEqual(kept(before))
}

test('what is no repository with a worktree and a commit is refused', async () => {
  const house = houseOfAda()
  const plain = join(house.directory, 'plain')
  const empty = join(house.directory, 'empty')
  for (const directory of [plain, empty]) mkdirSync(directory)
  gitIn(empty, ['init', '--quiet'])
  const repository = makeRepository()
  gitIn(house.directory, ['clone', '--quiet', '--bare', repository, 'bare.git'])
  const bare = join(house.directory, 'bare.git')
  for (const words of [['spawn', 'task'], ['compare', 'HEAD'], ['ls'], ['undo'], ['clean']])
    await refused(house, plain, words, 1, 'KAGE_NOT_A_REPOSITORY')
  for (const words of [
    ['spawn', 'task'],
    ['spawn', '--with-changes', 'task'],
  ])
    await refused(house, empty, words, 1, 'KAGE_REPOSITORY_EMPTY')
  for (const words of [['spawn', 'task'], ['compare', 'HEAD'], ['ls']])
    await refused(house, bare, words, 1, 'KAGE_REPOSITORY_BARE')
  await refused(house, join(repository, '.git'), ['spawn', 'task'], 1, 'KAGE_NOT_A_REPOSITORY')
  for (const directory of ['/nonexistent-directory', join(repository, 'a.txt')])
    await refused(house, repository, ['ls', '--repo', directory], 1, 'KAGE_NOT_A_REPOSITORY')
})

test('a shallow, a sparse and a partial clone, and one with SHA-256, work', async () => {
  const house = houseOfAda()
  const origin = makeRepository()
  appendFileSync(join(origin, 'src/b.txt'), 'second\n')
  commitAll(origin, 'second')
  gitIn(origin, ['config', 'uploadpack.allowFilter', 'true'])
  const clone = (name: string, ...options: string[]): string => {
    gitIn(house.directory, ['clone', '--quiet', ...options, `file://${origin}`, name])
    return join(house.directory, name)
  }
  await worksIn(house, clone('shallow', '--depth=1'))
  await worksIn(house, clone('partial', '--filter=blob:none'))
  const sparse = clone('sparse')
  gitIn(sparse, ['sparse-checkout', 'set', '--no-cone', '/a.txt'])
  await worksIn(house, sparse)
  expect(existsSync(join(sparse, 'src'))).toBe(false)
  await worksIn(house, makeRepository({ objectFormat: 'sha256' }))
})

test('a dirty tree, a submodule, a detached HEAD and a worktree of the person work', async () => {
  const house = houseOfAda()
  const repository = makeRepository()
  appendFileSync(join(repository, 'src/b.txt'), 'mine\n')
  writeFileSync(join(repository, 'untracked.txt'), 'mine\n')
  await worksIn(house, repository)
  commitAll(repository, 'mine')
  gitIn(repository, [...local, 'submodule', 'add', '--quiet', makeRepository(), 'sub'])
  commitAll(repository, 'submodule')
  await worksIn(house, repository)
  gitIn(repository, ['worktree', 'add', '--quiet', '-b', 'elsewhere', join(house.directory, 'elsewhere')])
  gitIn(repository, ['checkout', '--quiet', '--detach'])
  await worksIn(house, repository)
  await refused(house, repository, ['pick', 'r1', '--from', 'ada', '--commit'], 1, 'KAGE_TARGET_UNKNOWN')
})

test('a change of the same lines is a conflict and the tree stays', async () => {
  const house = houseOfAda()
  const repository = makeRepository()
  await house.done(repository, ['spawn', '--wait', 'task'])
  appendFileSync(join(repository, 'a.txt'), 'mine\n')
  const before = userFingerprint(repository)
  const { code, json } = await house.kage<Picked>(repository, ['pick', 'r1', '--from', 'ada'])
  expect([code, json.result, json.conflicts.map(({ path }) => path)]).toEqual([4, 'conflict', ['a.txt']])
  expect(userFingerprint(repository)).toEqual(before)
})

test('a landing is refused while a merge or a rebase is in progress', async () => {
  const house = houseOfAda()
  for (const begin of ['merge', 'rebase']) {
    const repository = makeRepository()
    gitIn(repository, ['checkout', '--quiet', '-b', 'other'])
    writeFileSync(join(repository, 'a.txt'), 'other\n')
    commitAll(repository, 'other')
    gitIn(repository, ['checkout', '--quiet', 'main'])
    writeFileSync(join(repository, 'a.txt'), 'mine\n')
    commitAll(repository, 'mine')
    expect(() => gitIn(repository, [begin, 'other'])).toThrow(/./)
    const { run } = await house.done<{ run: RunView }>(repository, ['spawn', '--wait', 'task'])
    await refused(house, repository, ['pick', run.id, '--from', 'ada'], 1, 'KAGE_REPOSITORY_BUSY')
  }
})

test('a branch of the name of the prefix is refused, and taken run numbers are passed over', async () => {
  const house = houseOfAda()
  const repository = makeRepository()
  gitIn(repository, ['branch', 'kage'])
  await refused(house, repository, ['spawn', 'task'], 1, 'KAGE_BRANCH_PREFIX_TAKEN')
  gitIn(repository, ['branch', '-m', 'kage', 'kage/r7/ada'])
  await worksIn(house, repository)
  expect(gitIn(repository, ['branch', '--list', '--format=%(refname:short)', 'kage/*'])).toBe(
    'kage/r7/ada\nkage/r8/ada\n',
  )
})

test('two houses on one repository do not take each other’s branches', async () => {
  const repository = makeRepository()
  for (const house of [houseOfAda(), houseOfAda()]) await worksIn(house, repository)
  expect(gitIn(repository, ['branch', '--list', '--format=%(refname:short)', 'kage/*'])).toBe(
    'kage/r1/ada\nkage/r2/ada\n',
  )
})

test('a commit without an identity is refused, and the worktree still takes it', async () => {
  const house = houseOfAda()
  const repository = makeRepository()
  for (const key of ['user.name', 'user.email']) gitIn(repository, ['config', '--unset', key])
  gitIn(repository, ['config', 'user.useConfigOnly', 'true'])
  await house.done(repository, ['spawn', '--wait', 'task'])
  await refused(house, repository, ['pick', 'r1', '--from', 'ada', '--commit'], 1, 'KAGE_IDENTITY_MISSING')
  expect((await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada'])).result).toBe('landed')
})
