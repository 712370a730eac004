import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked, RegionsView } from '../../src/core/protocol/results.ts'
import { gitIn, headOf, makeRepository, writeFiles } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { ownThings } from '../support/untouched.ts'

test('agents start from uncommitted work, untracked files included; their pieces land on it', async () => {
  const house = makeHouse()
  const repository = makeRepository({
    files: { 'poem.txt': 'one\ntwo\nthree\nfour\nfive\n', '.gitignore': 'secret\n' },
  })
  writeFiles(repository, {
    'draft.txt': 'draft\n',
    'poem.txt': 'ONE\ntwo\nthree\nfour\nfive\n',
    secret: 'no\n',
  })
  gitIn(repository, ['add', 'poem.txt'])
  writeFiles(repository, { 'poem.txt': 'ONE\ntwo\nthree\nfour\nfive\nsix\n' })
  const before = ownThings(repository)
  house.agent(
    'ada',
    'ls > /dev/null; test ! -e secret; sed -i s/three/THREE/ poem.txt; sed -i s/draft/final/ draft.txt',
  )

  const { run } = await house.done<{ run: { base: string } }>(repository, [
    'spawn',
    '--with-changes',
    '--wait',
    '--timeout',
    '20',
    'finish it',
  ])
  expect(run.base).not.toBe(headOf(repository))
  expect(ownThings(repository)).toEqual(before)
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1', '--full'])
  expect(regions.map(({ path, baseText }) => [path, baseText])).toEqual([
    ['draft.txt', 'draft\n'],
    ['poem.txt', 'three\n'],
  ])
  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada'])
  const read = (path: string): string => readFileSync(join(repository, path), 'utf8')
  expect([read('poem.txt'), read('draft.txt')]).toEqual(['ONE\ntwo\nTHREE\nfour\nfive\nsix\n', 'final\n'])
  expect(gitIn(repository, ['status', '--porcelain'])).toBe('MM poem.txt\n?? draft.txt\n')
  await house.done(repository, ['undo'])
  expect(ownThings(repository)).toEqual(before)
})

test('uncommitted work and a named base exclude each other', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'true')
  const said = await house.kage(repository, ['spawn', '--with-changes', '--base', 'HEAD', 'x'])
  expect(said).toMatchObject({ code: 2, json: { error: { code: 'KAGE_USAGE' } } })
})
