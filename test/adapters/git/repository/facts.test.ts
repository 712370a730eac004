import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryFacts } from '../../../../src/adapters/git/repository/facts.ts'
import type { RepositoryFacts } from '../../../../src/adapters/git/repository/facts.ts'
import { openRepository } from '../../../../src/adapters/git/repository/repository.ts'
import { mergeBases, resolveRevision } from '../../../../src/adapters/git/repository/revision.ts'
import { isRecentEnough } from '../../../../src/adapters/git/command/version.ts'
import { commitAll, gitIn, headOf, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { temporaryDirectory } from '../../../support/temporary.ts'
import { userFingerprint } from '../../../support/user-fingerprint.ts'

test('a quiet repository on a branch', async () => {
  const root = makeRepository()
  expect(await factsOf(root)).toEqual({
    head: headOf(root),
    branch: 'main',
    base: headOf(root),
    baseFault: null,
    inProgress: null,
    prefixTaken: false,
    branches: [],
    identity: true,
    submodules: false,
    staged: false,
    gitVersion: expect.stringMatching(/^2\./),
  })
})

test('a repository without a commit has neither head nor base', async () => {
  const root = temporaryDirectory()
  gitIn(root, ['init', '-q', '-b', 'trunk'])
  const facts = await factsOf(root)
  expect(facts).toMatchObject({ head: null, branch: 'trunk', base: null, staged: false })
  expect(facts.baseFault?.code).toBe('KAGE_REPOSITORY_EMPTY')
})

test('a detached HEAD has no branch', async () => {
  const root = makeRepository()
  gitIn(root, ['checkout', '-q', '--detach'])
  expect(await factsOf(root)).toMatchObject({ branch: null, base: headOf(root) })
})

test('a base that names no commit is a fault, whatever it is', async () => {
  const root = makeRepository()
  for (const base of [
    'nope',
    '',
    '--all',
    '-h',
    'HEAD:a.txt',
    'a\nb',
    'HEAD..HEAD',
    '^HEAD',
    '$(touch x)',
    '\0',
  ]) {
    expect((await factsOf(root, base)).baseFault, base).toMatchObject({ code: 'KAGE_REVISION_UNKNOWN' })
  }
})

test('a base may be a branch, a tag, a short name or an expression', async () => {
  const root = makeRepository()
  const first = headOf(root)
  gitIn(root, ['tag', '-a', '-m', 'x', 'v1'])
  writeFiles(root, { x: 'x' })
  commitAll(root, 'fix: second')
  for (const base of ['v1', 'HEAD~1', first.slice(0, 8), 'main^', ':/first']) {
    expect((await factsOf(root, base)).base, base).toBe(first)
  }
})

test('the branches below the prefix are listed, and one of its very name is told', async () => {
  const root = makeRepository()
  for (const name of ['kage/r1-a', 'kage/r2/b', 'kagex', 'other/kage/x']) gitIn(root, ['branch', name])
  expect(await factsOf(root)).toMatchObject({ prefixTaken: false, branches: ['kage/r1-a', 'kage/r2/b'] })
  const taken = makeRepository()
  gitIn(taken, ['branch', 'kage'])
  expect(await factsOf(taken)).toMatchObject({ prefixTaken: true, branches: [] })
})

test('what git has in progress is named', async () => {
  const cases = {
    merge: ['merge', 'other'],
    rebase: ['rebase', 'other'],
    'cherry-pick': ['cherry-pick', 'other'],
    revert: ['revert', '--no-edit', 'HEAD~1'],
  }
  for (const [name, args] of Object.entries(cases)) {
    const root = conflicted()
    expect(() => gitIn(root, args)).toThrow()
    expect((await factsOf(root)).inProgress).toBe(name)
  }
  const root = conflicted()
  const patch = gitIn(root, ['format-patch', '--stdout', 'other~1..other'])
  expect(() => gitIn(root, ['am', '-q'], patch)).toThrow()
  expect((await factsOf(root)).inProgress).toBe('am')
  const bisecting = makeRepository()
  gitIn(bisecting, ['bisect', 'start'])
  expect((await factsOf(bisecting)).inProgress).toBe('bisect')
})

test('staged changes, submodules and a missing identity are told, and nothing is written', async () => {
  const root = makeRepository()
  writeFiles(root, { '.gitmodules': '', 'a.txt': 'staged\n' })
  gitIn(root, ['add', 'a.txt'])
  gitIn(root, ['config', 'user.email', ''])
  const before = userFingerprint(root)
  expect(await factsOf(root)).toMatchObject({ staged: true, submodules: true, identity: false })
  expect(userFingerprint(root)).toEqual(before)
})

test('an edit that is not staged is not staged', async () => {
  const root = makeRepository()
  writeFileSync(join(root, 'a.txt'), 'dirty\n')
  expect((await factsOf(root)).staged).toBe(false)
})

test('all best merge bases are found', async () => {
  const root = makeRepository()
  const first = headOf(root)
  gitIn(root, ['branch', 'other'])
  const left = commitAll(root, 'left')
  gitIn(root, ['checkout', '-q', 'other'])
  const right = commitAll(root, 'right')
  const repository = await openRepository(root)
  expect(await mergeBases(repository, [left, right])).toEqual([first])
  gitIn(root, ['merge', '-q', '-s', 'ours', '-m', 'cross', left])
  const crossed = headOf(root)
  gitIn(root, ['checkout', '-q', 'main'])
  gitIn(root, ['merge', '-q', '-s', 'ours', '-m', 'cross', right])
  expect((await mergeBases(repository, [crossed, headOf(root)])).toSorted()).toEqual([left, right].toSorted())
  gitIn(root, ['checkout', '-q', '--orphan', 'alone'])
  expect(await mergeBases(repository, [commitAll(root, 'alone'), left])).toEqual([])
  expect(await mergeBases(repository, [left])).toEqual([left])
})

test('an unknown revision is refused by name', async () => {
  const repository = await openRepository(makeRepository())
  await expect(resolveRevision(repository, 'nope')).rejects.toMatchObject({ code: 'KAGE_REVISION_UNKNOWN' })
})

test('git 2.39 is recent enough and 2.38 is not', () => {
  expect(['2.39.0', '2.39.5', '2.50.1', '3.0.0'].every(isRecentEnough)).toBe(true)
  expect(['2.38.9', '2.9.1', '1.99.0'].some(isRecentEnough)).toBe(false)
})

async function factsOf(root: string, base?: string): Promise<RepositoryFacts> {
  return await repositoryFacts(await openRepository(root), { prefix: 'kage', base })
}

function conflicted(): string {
  const root = makeRepository()
  gitIn(root, ['checkout', '-q', '-b', 'other'])
  writeFiles(root, { 'a.txt': 'other\n' })
  commitAll(root, 'other')
  gitIn(root, ['checkout', '-q', 'main'])
  for (const text of ['main\n', 'again\n']) {
    writeFiles(root, { 'a.txt': text })
    commitAll(root, text)
  }
  return root
}
