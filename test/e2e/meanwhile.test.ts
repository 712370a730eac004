import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked, RegionsView, Results } from '../../src/core/protocol/results.ts'
import { commitAll, gitIn, makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { poemRace } from '../support/poem-race.ts'
import { spawnRun } from '../support/run.ts'
import { until } from '../support/until.ts'
import { ownThings } from '../support/untouched.ts'
import { holdUntil } from '../support/worker.ts'

test('a pick lands on top of uncommitted work; undo leaves that work', async () => {
  const { house, repository, poem, read, write } = await poemRace()
  write('poem.txt', poem({ 10: 'mine 10' }))
  write('other.txt', 'staged\n')
  gitIn(repository, ['add', 'other.txt'])
  write('untracked.txt', 'mine\n')
  const before = ownThings(repository)
  await house.done<Picked>(repository, ['pick', 'r1', 'g3=ada', 'g2=bo'])
  expect(read('poem.txt')).toBe(poem({ 3: 'ada 3', 10: 'mine 10' }))
  expect(gitIn(repository, ['status', '--porcelain'])).toBe(
    'M  other.txt\n M poem.txt\n?? bo.txt\n?? untracked.txt\n',
  )
  await house.done(repository, ['undo'])
  expect(ownThings(repository)).toEqual(before)
})

test('a conflict with uncommitted work ends with 4 and changes nothing', async () => {
  const { house, repository, poem, write } = await poemRace()
  write('poem.txt', poem({ 3: 'mine 3' }))
  const before = ownThings(repository)
  for (const words of [
    ['g3=ada', 'g4=bo'],
    ['g3=bo', '--dry-run'],
  ]) {
    const said = await house.kage<Picked>(repository, ['pick', 'r1', ...words])
    expect(said.code).toBe(4)
    expect(said.json).toMatchObject({ result: 'conflict', commit: null, undo: null })
    expect(said.json.conflicts.map(({ path }) => path)).toEqual(['poem.txt'])
    expect(ownThings(repository)).toEqual(before)
  }
  await house.done<Picked>(repository, ['pick', 'r1', 'g4=bo'])
})

test('a file that git does not know, ignored or not, is never written over', async () => {
  const { house, repository, read, write } = await poemRace()
  write('bo.txt', 'mine\n')
  const refused = { code: 1, json: { error: { code: 'KAGE_TARGET_OCCUPIED' } } }
  expect(await house.kage(repository, ['pick', 'r1', 'g2=bo', 'g4=bo'])).toMatchObject(refused)
  write('.gitignore', 'bo.txt\n')
  expect(await house.kage(repository, ['pick', 'r1', 'g2=bo', 'g4=bo'])).toMatchObject(refused)
  expect(read('bo.txt')).toBe('mine\n')
  expect(read('poem.txt')).not.toContain('bo 8')
})

test('commits and another branch between looking and picking: the pick lands where the person is now', async () => {
  const { house, repository, poem, read, write } = await poemRace()
  write('poem.txt', poem({ 18: 'mine 18' }))
  commitAll(repository, 'mine')
  gitIn(repository, ['checkout', '--quiet', '-b', 'feature'])
  write('poem.txt', poem({ 1: 'feature 1', 18: 'mine 18' }))
  commitAll(repository, 'feature')
  await house.done<Picked>(repository, ['pick', 'r1', 'g3=bo', 'g5=ada'])
  expect(read('poem.txt')).toBe(poem({ 1: 'feature 1', 3: 'bo 3', 15: 'ada 15', 18: 'mine 18' }))
  expect(gitIn(repository, ['branch', '--show-current'])).toBe('feature\n')
})

test('undo refuses whole when one of its files was edited since', async () => {
  const { house, repository, poem, read, write } = await poemRace()
  await house.done<Picked>(repository, ['pick', 'r1', 'g2=bo', 'g3=ada'])
  write('poem.txt', poem({ 3: 'ada 3', 4: 'mine 4' }))
  const before = ownThings(repository)
  expect(await house.kage(repository, ['undo'])).toMatchObject({
    code: 1,
    json: { error: { code: 'KAGE_UNDO_CHANGED' } },
  })
  expect(ownThings(repository)).toEqual(before)
  expect(read('bo.txt')).toBe('new\n')
  expect((await house.done<Results['undos']>(repository, ['undo', '--list'])).undos).toHaveLength(1)
})

test('undo takes back only what it wrote, each landing once', async () => {
  const { house, repository, poem, read, write } = await poemRace()
  const first = await house.done<Picked>(repository, ['pick', 'r1', 'g2=bo'])
  const second = await house.done<Picked>(repository, ['pick', 'r1', 'g3=ada'])
  write('other.txt', 'mine\n')
  const { undos } = await house.done<Results['undos']>(repository, ['undo', '--list'])
  expect(undos.map(({ id, run, target }) => [id, run, target])).toEqual([
    [second.undo, 'r1', repository],
    [first.undo, 'r1', repository],
  ])
  await house.done(repository, ['undo', first.undo ?? ''])
  expect([existsSync(join(repository, 'bo.txt')), read('other.txt')]).toEqual([false, 'mine\n'])
  expect(read('poem.txt')).toBe(poem({ 3: 'ada 3' }))
  const unknown = { code: 1, json: { error: { code: 'KAGE_UNDO_UNKNOWN' } } }
  expect(await house.kage(repository, ['undo', first.undo ?? ''])).toMatchObject(unknown)
  await house.done(repository, ['undo'])
  expect(read('poem.txt')).toBe(poem())
  expect(await house.kage(repository, ['undo'])).toMatchObject(unknown)
})

test('a hunk that the person threw away lands again when it is picked again', async () => {
  const { house, repository, poem, read, write } = await poemRace()
  await house.done<Picked>(repository, ['pick', 'r1', 'g3=ada', 'g5=ada'])
  write('poem.txt', poem({ 15: 'ada 15' }))
  const more = await house.done<Picked>(repository, ['pick', 'r1', 'g4=bo'])
  expect(more.result).toBe('landed')
  expect(read('poem.txt')).toBe(poem({ 8: 'bo 8', 15: 'ada 15' }))
  const again = await house.done<Picked>(repository, ['pick', 'r1', 'g3=ada'])
  expect(again.result).toBe('landed')
  expect(read('poem.txt')).toBe(poem({ 3: 'ada 3', 8: 'bo 8', 15: 'ada 15' }))
  expect((await house.done<Picked>(repository, ['pick', 'r1', 'g3=ada'])).result).toBe('nothing')
})

test('what has landed stays where a new choice leaves it alone, beside work of the person’s own', async () => {
  const house = makeHouse()
  const repository = makeRepository({ files: { 'poem.txt': numbered({}) } })
  house.agent('ada', `sed -i 's/^3$/ada 3/; s/^7$/ada 7/' poem.txt; echo both > both.txt; echo ada > own.txt`)
  house.agent('bo', `sed -i 's/^[3-7]$/bo &/' poem.txt; echo both > both.txt; echo bo > own.txt`)
  await spawnRun(house, repository)
  await house.done(repository, ['wait', 'r1', '--timeout', '20'])
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  const text = regions.find(({ kind }) => kind === 'text')?.id
  const read = (path: string): string => readFileSync(join(repository, path), 'utf8')
  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada'])
  writeFileSync(join(repository, 'poem.txt'), read('poem.txt').replace('12', 'mine 12'))
  await house.done<Picked>(repository, ['pick', 'r1', '--lines', `${text}.a:1-1`])
  expect(read('poem.txt')).toBe(numbered({ 3: 'ada 3', 7: 'ada 7', 12: 'mine 12' }))
  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'bo'])
  expect(read('poem.txt')).toBe(
    numbered({ 3: 'bo 3', 4: 'bo 4', 5: 'bo 5', 6: 'bo 6', 7: 'bo 7', 12: 'mine 12' }),
  )
  expect([read('both.txt'), read('own.txt')]).toEqual(['both\n', 'bo\n'])
  writeFileSync(join(repository, 'own.txt'), 'bo\nmine\n')
  expect((await house.done<Picked>(repository, ['pick', 'r1', '--from', 'bo'])).result).toBe('nothing')
  expect(read('own.txt')).toBe('bo\nmine\n')
})

test('what was taken of an agent that goes on stays taken, is shown as stale, and gives way to the newer', async () => {
  const house = makeHouse()
  const repository = makeRepository({ files: { 'poem.txt': 'one\ntwo\nthree\nfour\nfive\n' } })
  const read = (): string => readFileSync(join(repository, 'poem.txt'), 'utf8')
  const [first, go] = [join(house.directory, 'first'), join(house.directory, 'go')]
  house.agent(
    'ada',
    `sed -i s/two/TWO/ poem.txt; touch '${first}'; ${holdUntil(go)}; sed -i s/TWO/Two/ poem.txt`,
  )
  await spawnRun(house, repository)
  await until(() => existsSync(first))
  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada'])
  expect(read()).toBe('one\nTWO\nthree\nfour\nfive\n')
  writeFileSync(go, '')
  await house.done(repository, ['wait', 'r1', '--timeout', '20'])
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  expect(regions).toMatchObject([{ id: 'g1', stale: true }])
  expect(read()).toBe('one\nTWO\nthree\nfour\nfive\n')
  await house.done<Picked>(repository, ['pick', 'r1', 'g1=ada'])
  expect(read()).toBe('one\nTwo\nthree\nfour\nfive\n')
  await house.done<Picked>(repository, ['pick', 'r1', 'g1=base'])
  expect(read()).toBe('one\ntwo\nthree\nfour\nfive\n')
})

test('picks that race come one after the other, and add up', async () => {
  const { house, repository, poem, read } = await poemRace()
  const picks = await Promise.all(
    ['g3=bo', 'g4=bo', 'g5=ada', 'g1=ada'].map((choice) =>
      house.done<Picked>(repository, ['pick', 'r1', choice]),
    ),
  )
  expect(picks.map(({ result }) => result)).toEqual(['landed', 'landed', 'landed', 'landed'])
  expect(new Set(picks.map(({ undo }) => undo)).size).toBe(4)
  expect(read('poem.txt')).toBe(poem({ 3: 'bo 3', 8: 'bo 8', 15: 'ada 15' }))
  expect(read('ada.txt')).toBe('a1\na2\na3\n')
})

function numbered(lines: Readonly<Record<number, string>>): string {
  return Array.from({ length: 12 }, (_, index) => `${lines[index + 1] ?? index + 1}\n`).join('')
}
