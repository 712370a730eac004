import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { git } from '../../../../src/adapters/git/command/git.ts'
import type { GitPlace } from '../../../../src/adapters/git/command/git.ts'
import { gitText } from '../../../../src/adapters/git/command/text.ts'
import { headOf, makeRepository } from '../../../support/git-repository.ts'
import { temporaryDirectory } from '../../../support/temporary.ts'

test('bytes go in and come out as they are', async () => {
  const place = placeOf(makeRepository())
  const bytes = Buffer.from([0, 10, 13, 10, 255, 254, 0xc3, 0x28])
  const oid = (await git(place, ['hash-object', '-w', '--stdin'], { input: bytes })).stdout.toString().trim()
  expect((await git(place, ['cat-file', 'blob', oid])).stdout).toEqual(bytes)
})

test('the environment of the caller does not reach git', async () => {
  const root = makeRepository()
  const other = makeRepository({ files: { other: 'o\n' } })
  const set = {
    GIT_DIR: join(other, '.git'),
    GIT_WORK_TREE: other,
    GIT_INDEX_FILE: join(other, '.git/index'),
    GIT_OBJECT_DIRECTORY: join(other, '.git/objects'),
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'user.name',
    GIT_CONFIG_VALUE_0: 'intruder',
    GIT_CONFIG_PARAMETERS: "'user.name=intruder'",
    GIT_NAMESPACE: 'x',
    GIT_TRACE: join(other, 'trace'),
    GIT_LITERAL_PATHSPECS: '0',
  }
  Object.assign(process.env, set)
  try {
    for (const run of [bytesOf, textOf]) {
      expect(await run(root, ['rev-parse', 'HEAD'])).toBe(headOf(root))
      expect(await run(root, ['ls-files'])).toBe('a.txt\nsrc/b.txt')
      expect(await run(root, ['config', 'user.name'])).toBe('Test Person')
    }
  } finally {
    for (const name of Object.keys(set)) delete process.env[name]
  }
})

test('without the person, neither global nor system configuration is read', async () => {
  const root = makeRepository()
  const home = temporaryDirectory()
  writeFileSync(join(home, '.gitconfig'), '[kage]\n\ttest = yes\n')
  const before = process.env['HOME']
  process.env['HOME'] = home
  try {
    const args = ['config', 'kage.test']
    expect((await git(placeOf(root), args, { okCodes: [0, 1] })).code).toBe(1)
    expect((await gitText(placeOf(root), args, [0, 1])).code).toBe(1)
    expect((await gitText({ ...placeOf(root), userConfig: true }, args)).text).toBe('yes\n')
  } finally {
    process.env['HOME'] = before
  }
})

test('a failure quotes what git said, without control characters', async () => {
  const failure = git(placeOf(makeRepository()), ['cat-file', 'blob', '\u001b[31mred\u0007'])
  await expect(failure).rejects.toMatchObject({ code: 'KAGE_GIT_FAILED' })
  await expect(failure).rejects.toThrow(/git cat-file failed \(128\): fatal: .*\?\[31mred\?/)
  await expect(gitText(placeOf(makeRepository()), ['nonsense'])).rejects.toThrow(/git nonsense failed \(1\)/)
})

test('an exit code that is an answer is no failure', async () => {
  const place = placeOf(makeRepository())
  const { code } = await git(place, ['merge-base', '--is-ancestor', 'HEAD', 'HEAD'], { okCodes: [0, 1] })
  expect(code).toBe(0)
  expect((await gitText(place, ['config', 'no.such'], [1])).code).toBe(1)
})

test('a directory that is gone is told from a missing git', async () => {
  const gone: GitPlace = { gitDir: join(temporaryDirectory(), 'gone') }
  await expect(git(gone, ['version'])).rejects.toMatchObject({ code: 'KAGE_GIT_FAILED' })
  await expect(gitText(gone, ['version'])).rejects.toMatchObject({ code: 'KAGE_GIT_FAILED' })
  const before = process.env['PATH']
  process.env['PATH'] = temporaryDirectory()
  try {
    await expect(git({ gitDir: '/' }, ['version'])).rejects.toMatchObject({ code: 'KAGE_GIT_MISSING' })
    await expect(gitText({ gitDir: '/' }, ['version'])).rejects.toMatchObject({ code: 'KAGE_GIT_MISSING' })
  } finally {
    process.env['PATH'] = before
  }
})

test('a command that takes too long is ended', async () => {
  const fifo = join(temporaryDirectory(), 'fifo')
  execFileSync('mkfifo', [fifo])
  const slow = git(placeOf(makeRepository()), ['hash-object', fifo], { timeoutMs: 100 })
  await expect(slow).rejects.toMatchObject({ code: 'KAGE_TIMEOUT' })
})

function placeOf(root: string): GitPlace {
  return { gitDir: join(root, '.git'), workTree: root }
}

async function bytesOf(root: string, args: readonly string[]): Promise<string> {
  return (await git(placeOf(root), args)).stdout.toString().trim()
}

async function textOf(root: string, args: readonly string[]): Promise<string> {
  return (await gitText(placeOf(root), args)).text.trim()
}
