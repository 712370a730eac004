import { chownSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openRepository } from '../../../../src/adapters/git/repository/repository.ts'
import { commitAll, gitIn, makeRepository } from '../../../support/git-repository.ts'
import { temporaryDirectory } from '../../../support/temporary.ts'
import { userFingerprint } from '../../../support/user-fingerprint.ts'

test('a repository opens from its top, a subdirectory, a link to it and a linked worktree', async () => {
  const root = makeRepository()
  const place = temporaryDirectory()
  symlinkSync(root, join(place, 'link'))
  gitIn(root, ['worktree', 'add', '-q', join(place, 'linked')])
  const top = await openRepository(root)
  expect(top).toMatchObject({
    root,
    gitDir: join(root, '.git'),
    commonDir: join(root, '.git'),
    objectFormat: 'sha1',
  })
  for (const directory of [join(root, 'src'), join(place, 'link'), join(place, 'link/src')]) {
    expect(await openRepository(directory)).toEqual(top)
  }
  const linked = await openRepository(join(place, 'linked'))
  expect(linked).toMatchObject({ root: join(place, 'linked'), commonDir: top.commonDir, key: top.key })
  expect(linked.gitDir).toBe(join(root, '.git/worktrees/linked'))
})

test('a path with spaces, quotes, newlines, # and unicode opens', async () => {
  const root = makeRepository({ at: join(temporaryDirectory(), ' a "b" \'c\'\n#{d} $(e)\tü 影\\') })
  const repository = await openRepository(join(root, 'src'))
  expect(repository).toMatchObject({ root, gitDir: join(root, '.git'), commonDir: join(root, '.git') })
})

test('shallow, partial, sparse and sha256 repositories say so', async () => {
  const source = makeRepository()
  commitAll(source, 'second')
  gitIn(source, ['config', 'uploadpack.allowFilter', 'true'])
  const place = temporaryDirectory()
  gitIn(source, ['clone', '-q', '--depth=1', `file://${source}`, join(place, 'shallow')])
  gitIn(source, ['clone', '-q', '--filter=blob:none', `file://${source}`, join(place, 'partial')])
  gitIn(join(place, 'partial'), ['sparse-checkout', 'set', 'src'])
  const plain = { shallow: false, partial: false, sparse: false, objectFormat: 'sha1' }
  expect(await openRepository(source)).toMatchObject(plain)
  expect(await openRepository(join(place, 'shallow'))).toMatchObject({ ...plain, shallow: true })
  expect(await openRepository(join(place, 'partial'))).toMatchObject({
    ...plain,
    partial: true,
    sparse: true,
  })
  const sha256 = await openRepository(makeRepository({ objectFormat: 'sha256' }))
  expect(sha256).toMatchObject({ ...plain, objectFormat: 'sha256' })
})

test('a repository without a commit opens', async () => {
  const root = realpathSync(temporaryDirectory())
  gitIn(root, ['init', '-q'])
  expect((await openRepository(root)).root).toBe(root)
})

test('what is no worktree is refused by its own code', async () => {
  const root = makeRepository()
  const bare = join(temporaryDirectory(), 'bare.git')
  gitIn(root, ['clone', '-q', '--bare', root, bare])
  const refusals = { [bare]: 'KAGE_REPOSITORY_BARE', [join(bare, 'refs')]: 'KAGE_REPOSITORY_BARE' }
  const none = [
    temporaryDirectory(),
    join(root, '.git'),
    join(root, '.git/refs'),
    join(root, 'a.txt'),
    '/no/where',
  ]
  for (const directory of none) Object.assign(refusals, { [directory]: 'KAGE_NOT_A_REPOSITORY' })
  for (const [directory, code] of Object.entries(refusals)) {
    await expect(openRepository(directory), directory).rejects.toMatchObject({ code })
  }
})

test('a worktree of a bare repository opens', async () => {
  const root = makeRepository()
  const place = temporaryDirectory()
  gitIn(root, ['clone', '-q', '--bare', root, join(place, 'bare.git')])
  gitIn(join(place, 'bare.git'), ['worktree', 'add', '-q', join(place, 'tree'), 'main'])
  expect(await openRepository(join(place, 'tree'))).toMatchObject({ commonDir: join(place, 'bare.git') })
})

test('a submodule opens as a repository of its own', async () => {
  const source = makeRepository()
  const root = makeRepository()
  gitIn(root, ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', source, 'module'])
  const module = await openRepository(join(root, 'module'))
  expect(module).toMatchObject({ root: join(root, 'module'), gitDir: join(root, '.git/modules/module') })
})

test('a core.worktree that leads elsewhere is refused', async () => {
  const root = makeRepository()
  mkdirSync(join(root, 'sub/inner'), { recursive: true })
  gitIn(root, ['config', 'core.worktree', join(root, 'sub')])
  await expect(openRepository(join(root, 'sub'))).rejects.toMatchObject({ code: 'KAGE_REPOSITORY_ALTERED' })
})

test.runIf(process.getuid?.() === 0)('a repository of another user is refused with the way out', async () => {
  const root = makeRepository()
  for (const path of [root, join(root, '.git')]) chownSync(path, 12345, 12345)
  await expect(openRepository(root)).rejects.toMatchObject({
    code: 'KAGE_NOT_A_REPOSITORY',
    hint: expect.stringContaining('safe.directory'),
  })
})

test('GIT_DIR of the caller is ignored, and nothing is written', async () => {
  const root = makeRepository()
  const other = makeRepository()
  const before = userFingerprint(root)
  process.env['GIT_DIR'] = join(other, '.git')
  try {
    expect((await openRepository(root)).gitDir).toBe(join(root, '.git'))
  } finally {
    delete process.env['GIT_DIR']
  }
  expect(userFingerprint(root)).toEqual(before)
})

test('a .git file that leads nowhere is refused', async () => {
  const root = makeRepository()
  rmSync(join(root, '.git'), { recursive: true })
  writeFileSync(join(root, '.git'), 'gitdir: /no/where\n')
  await expect(openRepository(root)).rejects.toMatchObject({ code: 'KAGE_NOT_A_REPOSITORY' })
})
