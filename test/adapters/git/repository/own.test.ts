import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { byteSettings } from '../../../../src/adapters/git/repository/byte-settings.ts'
import { framePlace } from '../../../../src/adapters/git/worktree/frame.ts'
import { git } from '../../../../src/adapters/git/command/git.ts'
import { openOwn } from '../../../../src/adapters/git/repository/own.ts'
import { openRepository } from '../../../../src/adapters/git/repository/repository.ts'
import { gitIn, headOf, makeRepository } from '../../../support/git-repository.ts'
import { temporaryDirectory } from '../../../support/temporary.ts'
import { userFingerprint } from '../../../support/user-fingerprint.ts'

test('it reads the objects of the repository, and writes none into it', async () => {
  for (const objectFormat of ['sha1', 'sha256'] as const) {
    const root = makeRepository({ objectFormat })
    const own = await openOwn(await openRepository(root), join(temporaryDirectory(), 'own'))
    expect((await git(own.place, ['cat-file', 'blob', `${headOf(root)}:a.txt`])).stdout.toString()).toContain(
      'two',
    )
    const before = readdirSync(join(root, '.git/objects'))
    const oid = (await git(own.place, ['hash-object', '-w', '--stdin'], { input: 'fresh' })).stdout
      .toString()
      .trim()
    expect(readdirSync(join(root, '.git/objects'))).toEqual(before)
    expect(oid.length).toBe(objectFormat === 'sha1' ? 40 : 64)
  }
})

test('sixteen that open it at once get the same one, and no rest lies beside it', async () => {
  const repository = await openRepository(makeRepository())
  const place = temporaryDirectory()
  const all = await Promise.all(Array.from({ length: 16 }, () => openOwn(repository, join(place, 'own'))))
  expect(new Set(all.map(({ directory }) => directory)).size).toBe(1)
  expect(readdirSync(place)).toEqual(['own'])
  await git(all[0]!.place, ['rev-parse', headOf(repository.root)])
})

test('it is kept across openings, and its configuration is set right', async () => {
  const repository = await openRepository(makeRepository())
  const directory = join(temporaryDirectory(), 'own')
  const own = await openOwn(repository, directory)
  await git(own.place, ['update-ref', 'refs/kage/x', headOf(repository.root)])
  writeFileSync(join(directory, 'config'), '[core]\n\tbare = true\n\tfsmonitor = touch /tmp/never\n')
  const again = await openOwn(repository, directory)
  expect((await git(again.place, ['rev-parse', 'refs/kage/x'])).stdout.toString().trim()).toBe(
    headOf(repository.root),
  )
  expect(readFileSync(join(directory, 'config'), 'utf8')).not.toContain('fsmonitor')
})

test('objects that the repository itself borrows are found', async () => {
  const first = makeRepository()
  const second = join(temporaryDirectory(), 'second')
  const third = join(temporaryDirectory(), 'third')
  gitIn(first, ['clone', '-q', '--shared', first, second])
  gitIn(first, ['clone', '-q', '--shared', second, third])
  writeFileSync(
    join(third, '.git/objects/info/alternates'),
    '../../../../' + join(second, '.git/objects').slice(1) + '\n',
  )
  mkdirSync(join(third, 'x'))
  const own = await openOwn(await openRepository(second), join(temporaryDirectory(), 'own'))
  await git(own.place, ['cat-file', '-e', `${headOf(first)}:a.txt`])
})

test('a repository at a hostile path is found', async () => {
  const root = makeRepository({ at: join(temporaryDirectory(), ' a "b" \'c\'\n#{d}:e;\t影\\n') })
  const own = await openOwn(await openRepository(root), join(temporaryDirectory(), 'own "x"\n:'))
  await git(own.place, ['cat-file', '-e', `${headOf(root)}:a.txt`])
})

test('one of another object format is refused', async () => {
  const directory = join(temporaryDirectory(), 'own')
  await openOwn(await openRepository(makeRepository()), directory)
  const sha256 = await openRepository(makeRepository({ objectFormat: 'sha256' }))
  await expect(openOwn(sha256, directory)).rejects.toMatchObject({ code: 'KAGE_GIT_FAILED' })
})

test('byte settings are what decides about bytes, and no program but an allowed filter of the person', async () => {
  const root = makeRepository()
  const home = temporaryDirectory()
  writeFileSync(
    join(home, '.gitconfig'),
    '[filter "lfs"]\n\tclean = lfs-clean\n\trequired\n[filter "other"]\n\tclean = x\n[core]\n\teol = lf\n',
  )
  writeFileSync(join(root, '.git/info/attributes'), '*.x text\n')
  for (const [key, value] of [
    ['core.autocrlf', 'input'],
    ['core.fsmonitor', 'evil'],
    ['filter.lfs.smudge', 'planted'],
  ]) {
    gitIn(root, ['config', key ?? '', value ?? ''])
  }
  const before = process.env['HOME']
  process.env['HOME'] = home
  try {
    const repository = await openRepository(root)
    const plain = await byteSettings(repository)
    expect(plain.config.toSorted()).toEqual(['core.autocrlf=input', 'core.eol=lf', 'core.filemode=true'])
    expect(plain.attributes).toBe('*.x text\n')
    expect(JSON.parse(JSON.stringify(plain))).toEqual(plain)
    const allowed = await byteSettings(repository, ['lfs'])
    const filters = allowed.config.filter((setting) => setting.startsWith('filter.'))
    expect(filters).toEqual(['filter.lfs.clean=lfs-clean', 'filter.lfs.required=true'])
  } finally {
    process.env['HOME'] = before
  }
})

test('a frame is made once for the same settings, and nothing of the person is written', async () => {
  const root = makeRepository()
  const repository = await openRepository(root)
  const before = userFingerprint(root)
  const own = await openOwn(repository, join(temporaryDirectory(), 'own'))
  const settings = await byteSettings(repository)
  const places = await Promise.all(Array.from({ length: 8 }, () => framePlace(own, settings)))
  expect(new Set(places.map(({ gitDir }) => gitDir)).size).toBe(1)
  expect(existsSync(join(places[0]!.gitDir, 'info/attributes'))).toBe(true)
  const other = await framePlace(own, { ...settings, attributes: '* text\n' })
  expect(other.gitDir).not.toBe(places[0]!.gitDir)
  expect(readdirSync(join(own.directory, 'frames'))).toHaveLength(2)
  expect(userFingerprint(root)).toEqual(before)
})
