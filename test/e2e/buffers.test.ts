import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { SpawnParams } from '../../src/core/protocol/params.ts'
import type { Results } from '../../src/core/protocol/results.ts'
import { commitAll, gitBytesIn, gitIn, makeRepository, writeFiles } from '../support/git-repository.ts'
import { personClient } from '../support/house-client.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { ownThings } from '../support/untouched.ts'

test('agents start with the texts of buffers that are not written yet, to the byte', async () => {
  const house = makeHouse()
  const repository = makeRepository({
    files: { 'poem.txt': 'one\ntwo\n', 'run.sh': 'exit 1\n', 'a/b.txt': 'b\n', '.gitignore': '*.secret\n' },
  })
  chmodSync(join(repository, 'run.sh'), 0o755)
  commitAll(repository, 'mode')
  writeFiles(repository, { 'poem.txt': 'written, not committed\n', 'a/b.txt': 'also\n', 'key.secret': 'k\n' })
  const before = ownThings(repository)
  house.agent(
    'ada',
    'cat poem.txt > seen; echo "$(cat a/b.txt new/file.txt) $(./run.sh)" >> seen; test ! -e key.secret',
  )
  const raw = Buffer.from('caf\xe9\r\nlast line without an end', 'latin1')
  const buffers = [
    { path: 'poem.txt', bytes: raw },
    { path: 'new/file.txt', bytes: Buffer.from('new\n') },
    { path: 'run.sh', bytes: Buffer.from('#!/bin/sh\necho ran\n') },
    { path: 'key.secret', bytes: Buffer.from('leaked\n') },
    { path: 'new.secret', bytes: Buffer.from('leaked\n') },
    { path: ':(glob)*.secret', bytes: Buffer.from('leaked\n') },
    { path: ':!a [b]*', bytes: Buffer.from('odd name\n') },
    { path: 'caf\udce9', bytes: Buffer.from('odd name\n') },
  ]
  const { run, warnings } = await spawnWith(house, repository, { buffers })
  await house.done(repository, ['wait', run.id, '--timeout', '20'])
  expect(warnings).toEqual([
    'key.secret is ignored by git: agents do not see its buffer.',
    'new.secret is ignored by git: agents do not see its buffer.',
    ':(glob)*.secret is ignored by git: agents do not see its buffer.',
  ])
  expect(ownThings(repository)).toEqual(before)
  const seen = gitBytesIn(run.agents[0]?.worktree ?? '', ['hash-object', 'seen'])
  const expected = Buffer.concat([raw, Buffer.from('also\nnew ran\n')])
  expect(seen).toEqual(gitBytesIn(repository, ['hash-object', '--stdin'], expected))
  const tree = gitIn(repository, ['ls-tree', '-r', '--name-only', '-z', run.base]).split('\0').filter(Boolean)
  expect(tree.toSorted()).toEqual([
    '.gitignore',
    ':!a [b]*',
    'a/b.txt',
    'caf\xe9',
    'new/file.txt',
    'poem.txt',
    'run.sh',
  ])
  expect(gitIn(repository, ['rev-parse', `${run.base}^`])).toBe(gitIn(repository, ['rev-parse', 'HEAD']))
})

test('a buffer becomes the blob that its file would become, whatever line ends git keeps', async () => {
  const house = makeHouse()
  const repository = makeRepository({ files: { 'lf.txt': 'a\nb\n', 'crlf.txt': 'a\r\nb\r\n' } })
  gitIn(repository, ['config', 'core.autocrlf', 'true'])
  house.agent('ada', 'true')
  const written = { 'lf.txt': 'a\r\nB\r\n', 'crlf.txt': 'a\r\nB\r\n', 'new.txt': 'n\r\n' }
  const buffers = Object.entries(written).map(([path, text]) => ({ path, bytes: Buffer.from(text) }))
  const fromBuffers = await spawnWith(house, repository, { buffers })
  writeFiles(repository, written)
  const fromFiles = await spawnWith(house, repository, { withChanges: true })
  const treeOf = (commit: string): string => gitIn(repository, ['rev-parse', `${commit}^{tree}`])
  expect(treeOf(fromBuffers.run.base)).toBe(treeOf(fromFiles.run.base))
})

test('buffers of what is no file of the repository refuse, and nothing is begun', async () => {
  const house = makeHouse()
  const repository = makeRepository({ files: { 'a/b.txt': 'b\n' } })
  symlinkSync('/tmp', join(repository, 'out'))
  symlinkSync('a/b.txt', join(repository, 'link'))
  mkdirSync(join(repository, 'directory'))
  house.agent('ada', 'true')
  const before = ownThings(repository)
  const bytes = Buffer.from('x\n')
  const paths = [
    '../x',
    '/etc/x',
    '.git/config',
    'a/.GIT/x',
    '',
    'a',
    'directory',
    'out/x',
    'link',
    'a/b.txt/c',
    'a//b',
  ]
  for (const path of paths) {
    const spawning = spawnWith(house, repository, { buffers: [{ path, bytes }] })
    await expect(spawning, path).rejects.toMatchObject({ code: 'KAGE_PATH_INVALID' })
  }
  for (const [one, other] of [
    ['a/b.txt', 'a/b.txt'],
    ['new', 'new/below'],
  ] as const) {
    const both = [
      { path: one, bytes },
      { path: other, bytes },
    ]
    await expect(spawnWith(house, repository, { buffers: both })).rejects.toMatchObject({
      code: 'KAGE_PATH_INVALID',
    })
  }
  const based = spawnWith(house, repository, { buffers: [{ path: 'x', bytes }], base: 'HEAD' })
  await expect(based).rejects.toMatchObject({ code: 'KAGE_USAGE' })
  expect(ownThings(repository)).toEqual(before)
  expect((await house.done<Results['ls']>(repository, ['ls', '--all'])).runs).toEqual([])
})

async function spawnWith(house: House, repo: string, wish: Partial<SpawnParams>): Promise<Results['spawn']> {
  await house.done(repo, ['daemon', 'start'])
  const client = await personClient(house)
  const plain = { repo, task: 'go on', count: null, agents: [], base: null, withChanges: false }
  const request = { ...plain, environment: house.environment, command: crypto.randomUUID(), ...wish }
  return (await client.request('spawn', request)) as Results['spawn']
}
