import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openRepository } from '../../../../src/adapters/git/repository/repository.ts'
import type { Repository } from '../../../../src/adapters/git/repository/repository.ts'
import { addWorktree, guardedPlace, removeWorktree } from '../../../../src/adapters/git/worktree/worktree.ts'
import { listWorktrees } from '../../../../src/adapters/git/worktree/worktree-list.ts'
import { commitAll, gitIn, headOf, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { temporaryDirectory } from '../../../support/temporary.ts'
import { pathsBelow, userFingerprint } from '../../../support/user-fingerprint.ts'

test('a worktree is made locked, on a new branch off the base, without tracking', async () => {
  const world = await open()
  const first = headOf(world.root)
  commitAll(world.root, 'second')
  const gitDir = await addWorktree(world.repository, {
    path: world.at('coder'),
    branch: 'kage/r1-coder',
    base: first,
  })
  expect(gitDir).toBe(join(world.root, '.git/worktrees/coder'))
  expect(readFileSync(join(world.at('coder'), 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\n')
  expect((await listWorktrees(world.repository))[1]).toEqual({
    path: world.at('coder'),
    head: first,
    branch: 'kage/r1-coder',
    locked: true,
    prunable: false,
  })
  expect(gitIn(world.at('coder'), ['status', '--porcelain', '--branch'])).toBe('## kage/r1-coder\n')
})

test('a base that is a remote branch tracks nothing', async () => {
  const source = makeRepository()
  const root = join(temporaryDirectory(), 'clone')
  gitIn(source, ['clone', '-q', source, root])
  gitIn(root, ['config', 'branch.autoSetupMerge', 'always'])
  const config = readFileSync(join(root, '.git/config'), 'utf8')
  const repository = await openRepository(root)
  await addWorktree(repository, {
    path: join(temporaryDirectory(), 'w'),
    branch: 'kage/x',
    base: headOf(root),
  })
  expect(readFileSync(join(root, '.git/config'), 'utf8')).toBe(config)
})

test('sixteen at once never fail', async () => {
  const world = await open()
  const base = headOf(world.root)
  const place = await guardedPlace(world.repository)
  const names = Array.from({ length: 16 }, (_, index) => `coder-${index}`)
  await Promise.all(
    names.map((name) =>
      addWorktree(world.repository, { path: world.at(name), branch: `kage/${name}`, base, place }),
    ),
  )
  expect((await listWorktrees(world.repository)).length).toBe(17)
  await Promise.all(names.map((name) => removeWorktree(world.repository, world.at(name), world.data)))
  expect((await listWorktrees(world.repository)).length).toBe(1)
})

test('a path or branch that is taken is refused, and nothing is changed', async () => {
  const world = await open()
  const base = headOf(world.root)
  gitIn(world.root, ['branch', 'kage/taken'])
  gitIn(world.root, ['branch', 'flat'])
  mkdirSync(world.at('directory'), { recursive: true })
  symlinkSync('/no/where', world.at('dangling'))
  const cases = [
    { path: world.at('directory'), branch: 'kage/a', code: 'KAGE_WORKTREE_TAKEN' },
    { path: world.at('dangling'), branch: 'kage/a', code: 'KAGE_WORKTREE_TAKEN' },
    { path: world.at('free'), branch: 'kage/taken', code: 'KAGE_BRANCH_TAKEN' },
    { path: world.at('free'), branch: 'flat/a', code: 'KAGE_BRANCH_PREFIX_TAKEN' },
    { path: world.at('free'), branch: 'bad..name', code: 'KAGE_GIT_FAILED' },
    { path: world.at('free'), branch: '-x/a', code: 'KAGE_CONFIG' },
  ]
  const before = [userFingerprint(world.root), pathsBelow(world.data)]
  for (const { path, branch, code } of cases) {
    await expect(addWorktree(world.repository, { path, branch, base }), code).rejects.toMatchObject({ code })
    expect([userFingerprint(world.root), pathsBelow(world.data)]).toEqual(before)
  }
})

test('a failure in the middle leaves no branch, directory or entry', async () => {
  const world = await open()
  writeFiles(world.root, { broken: 'soon\n' })
  const base = commitAll(world.root, 'broken')
  const blob = gitIn(world.root, ['rev-parse', 'HEAD:broken']).trim()
  rmSync(join(world.root, '.git/objects', blob.slice(0, 2), blob.slice(2)))
  mkdirSync(world.data, { recursive: true })
  const before = [userFingerprint(world.root), pathsBelow(world.data)]
  const failed = addWorktree(world.repository, { path: world.at('coder'), branch: 'kage/coder', base })
  await expect(failed).rejects.toMatchObject({ code: 'KAGE_GIT_FAILED' })
  expect(gitIn(world.root, ['branch', '--list', 'kage/*'])).toBe('')
  expect((await listWorktrees(world.repository)).length).toBe(1)
  expect(pathsBelow(world.data)).toEqual(before[1])
})

test('removing takes a dirty worktree whole, and its branch stays', async () => {
  const world = await open()
  await addWorktree(world.repository, {
    path: world.at('coder'),
    branch: 'kage/coder',
    base: headOf(world.root),
  })
  writeFiles(world.at('coder'), { 'a.txt': 'dirty\n', 'new/x': 'x\n' })
  makeRepository({ at: join(world.at('coder'), 'nested') })
  await removeWorktree(world.repository, world.at('coder'), world.data)
  expect(pathsBelow(world.data)).toEqual([])
  expect(gitIn(world.root, ['branch', '--list', 'kage/*']).trim()).toBe('kage/coder')
})

test('removing what is gone drops that one entry', async () => {
  const world = await open()
  const base = headOf(world.root)
  gitIn(world.root, ['worktree', 'add', '-q', '--detach', join(temporaryDirectory(), 'theirs')])
  const theirs = (await listWorktrees(world.repository))[1]?.path ?? ''
  await addWorktree(world.repository, { path: world.at('coder'), branch: 'kage/coder', base })
  rmSync(world.data, { recursive: true })
  rmSync(theirs, { recursive: true })
  mkdirSync(world.data)
  await removeWorktree(world.repository, world.at('coder'), world.data)
  expect((await listWorktrees(world.repository)).map(({ path }) => path)).toEqual([world.root, theirs])
})

test('only a listed worktree below the root is removed', async () => {
  const world = await open()
  const theirs = join(temporaryDirectory(), 'theirs')
  gitIn(world.root, ['worktree', 'add', '-q', '--detach', theirs])
  mkdirSync(world.at('stranger'), { recursive: true })
  writeFileSync(join(world.at('stranger'), 'x'), 'x')
  for (const path of [
    theirs,
    world.root,
    world.at('stranger'),
    world.data,
    world.at('../'),
    '/',
    join(world.data, '..'),
  ]) {
    const refused = removeWorktree(world.repository, path, world.data)
    await expect(refused, path).rejects.toMatchObject({ code: 'KAGE_WORKTREE_MISSING' })
  }
  expect(readFileSync(join(world.at('stranger'), 'x'), 'utf8')).toBe('x')
  expect(readFileSync(join(theirs, 'a.txt'), 'utf8')).toContain('one')
})

test('a repository and a directory with hostile names work', async () => {
  const name = ' a "b" \'c\'\n#{d} $(e)\t影\\'
  const repository = await openRepository(makeRepository({ at: join(temporaryDirectory(), name) }))
  const data = temporaryDirectory()
  const path = join(data, `w${name}`, '-coder')
  await addWorktree(repository, { path, branch: 'kage/-#(x)-影', base: headOf(repository.root) })
  expect((await listWorktrees(repository))[1]).toMatchObject({ path, branch: 'kage/-#(x)-影' })
  await removeWorktree(repository, path, data)
  expect((await listWorktrees(repository)).length).toBe(1)
})

test('a worktree of a sparse, a shallow, a sha256 and a partial repository is like a checkout of it', async () => {
  const source = makeRepository()
  commitAll(source, 'second')
  gitIn(source, ['config', 'uploadpack.allowFilter', 'true'])
  const place = temporaryDirectory()
  gitIn(source, ['clone', '-q', '--depth=1', `file://${source}`, join(place, 'shallow')])
  gitIn(source, ['clone', '-q', '--filter=blob:none', `file://${source}`, join(place, 'partial')])
  gitIn(source, ['clone', '-q', source, join(place, 'sparse')])
  gitIn(join(place, 'sparse'), ['sparse-checkout', 'set', 'src'])
  const roots = [
    join(place, 'shallow'),
    join(place, 'partial'),
    join(place, 'sparse'),
    makeRepository({ objectFormat: 'sha256' }),
  ]
  for (const root of roots) {
    const repository = await openRepository(root)
    const path = join(temporaryDirectory(), 'w')
    await addWorktree(repository, { path, branch: 'kage/x', base: headOf(root) })
    expect(gitIn(path, ['status', '--porcelain'])).toBe('')
    await removeWorktree(repository, path, join(path, '..'))
  }
})

test('a partial clone that lacks the base is refused with the way out, and fetches nothing', async () => {
  const source = makeRepository()
  writeFiles(source, { 'a.txt': 'second\n' })
  commitAll(source, 'second')
  gitIn(source, ['config', 'uploadpack.allowFilter', 'true'])
  const root = join(temporaryDirectory(), 'partial')
  gitIn(source, ['clone', '-q', '--filter=blob:none', `file://${source}`, root])
  const repository = await openRepository(root)
  const base = gitIn(root, ['rev-parse', 'HEAD~1']).trim()
  const path = join(temporaryDirectory(), 'w')
  const failed = addWorktree(repository, { path, branch: 'kage/x', base })
  await expect(failed).rejects.toMatchObject({ code: 'KAGE_PARTIAL_CLONE' })
  expect((await listWorktrees(repository)).length).toBe(1)
})

test('line ends come out as the person configured them', async () => {
  const world = await open()
  gitIn(world.root, ['config', 'core.autocrlf', 'true'])
  await addWorktree(world.repository, { path: world.at('coder'), branch: 'kage/x', base: headOf(world.root) })
  expect(readFileSync(join(world.at('coder'), 'a.txt'), 'utf8')).toBe('one\r\ntwo\r\nthree\r\n')
})

interface World {
  readonly root: string
  readonly repository: Repository
  readonly data: string
  readonly at: (name: string) => string
}

async function open(): Promise<World> {
  const root = makeRepository()
  const data = join(temporaryDirectory(), 'worktrees')
  return { root, repository: await openRepository(root), data, at: (name) => join(data, name) }
}
