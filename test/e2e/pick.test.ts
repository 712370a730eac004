import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked, RegionsView } from '../../src/core/protocol/results.ts'
import { gitIn, headOf } from '../support/git-repository.ts'
import { poemRace } from '../support/poem-race.ts'
import { ownThings } from '../support/untouched.ts'

test('all of one agent, narrowed by path and by region, with a choice that wins over it', async () => {
  const { house, repository, poem, read } = await poemRace()
  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada', '--path', 'ada.txt'])
  expect([read('ada.txt'), read('poem.txt')]).toEqual(['a1\na2\na3\n', poem()])
  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'bo', '--region', 'g4'])
  expect(read('poem.txt')).toBe(poem({ 8: 'bo 8' }))
  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'bo', 'g3=ada', 'g4=base'])
  expect([read('bo.txt'), read('poem.txt')]).toEqual(['new\n', poem({ 3: 'ada 3' })])
})

test('lines of a variant, a text of the person, two variants that do not join, and base again', async () => {
  const { house, repository, poem, read } = await poemRace()
  await house.done<Picked>(repository, ['pick', 'r1', '--lines', 'g1.a:2-3'])
  expect(read('ada.txt')).toBe('a2\na3\n')
  writeFileSync(join(house.directory, 'edited'), 'my own 3\nand more\n')
  await house.done<Picked>(repository, ['pick', 'r1', `g3=@${join(house.directory, 'edited')}`])
  expect(read('poem.txt')).toBe(poem({ 3: 'my own 3\nand more' }))
  await house.done<Picked>(repository, ['pick', 'r1', 'g3=@-'], { input: 'from stdin\n' })
  expect(read('poem.txt')).toBe(poem({ 3: 'from stdin' }))
  expect((await house.kage(repository, ['pick', 'r1', 'g3=bo+ada'])).code).toBe(4)
  expect(read('poem.txt')).toBe(poem({ 3: 'from stdin' }))
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  expect(regions.find(({ id }) => id === 'g3')?.variants.map(({ clean }) => clean)).toEqual([true, true])
  await house.done<Picked>(repository, ['pick', 'r1', 'g3=base', 'g1=base'])
  expect([read('poem.txt'), existsSync(join(repository, 'ada.txt'))]).toEqual([poem(), false])
})

test('a dry run tells the real result and changes nothing', async () => {
  const { house, repository } = await poemRace()
  const before = ownThings(repository)
  const words = ['pick', 'r1', 'g3=ada', 'g2=bo']
  const dry = await house.done<Picked>(repository, [...words, '--dry-run'])
  expect(dry).toMatchObject({ result: 'landed', commit: null, undo: null, conflicts: [] })
  const added = { path: 'bo.txt', from: null, modes: [null, '100644'], lines: [1, 0] }
  const edited = { path: 'poem.txt', from: null, modes: ['100644', '100644'], lines: [1, 1] }
  expect(dry.files).toEqual([added, edited])
  const { stdout } = await house.plain(repository, [...words, '--dry-run'])
  expect(stdout).toBe(
    `It would land: tree ${dry.tree}\n  bo.txt (new) | 1 +\n  poem.txt     | 2 +-\n  2 files +2 -1\n`,
  )
  expect(ownThings(repository)).toEqual(before)
  const landed = await house.done<Picked>(repository, words)
  expect([landed.tree, landed.files]).toEqual([dry.tree, undefined])
})

test("a commit is in the person's name, names the agents, and leaves a clean index; undo takes it back", async () => {
  const { house, repository, poem, read } = await poemRace()
  const head = headOf(repository)
  const before = ownThings(repository)
  const first = await house.done<Picked>(repository, ['pick', 'r1', 'g3=ada', '--commit', '-m', 'take ada'])
  expect(first.commit).toBe(headOf(repository))
  expect(gitIn(repository, ['log', '-1', '--format=%an <%ae> %P%n%B'])).toBe(
    `Test Person <person@example.test> ${head}\ntake ada\n\nKage-Agent: r1/ada\n\n`,
  )
  expect(gitIn(repository, ['status', '--porcelain'])).toBe('')
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  expect(regions.map(({ variants }) => variants.map(({ clean }) => clean)).flat()).not.toContain(false)
  const second = await house.done<Picked>(repository, ['pick', 'r1', 'g4=bo', '--commit'])
  expect(gitIn(repository, ['log', '-1', '--format=%B'])).toBe('improve the poem\n\nKage-Agent: r1/bo\n\n')
  expect(gitIn(repository, ['show', `${second.commit}:poem.txt`])).toBe(poem({ 3: 'ada 3', 8: 'bo 8' }))
  await house.done(repository, ['undo'])
  await house.done(repository, ['undo'])
  expect([headOf(repository), read('poem.txt')]).toEqual([head, poem()])
  const after = ownThings(repository)
  const moved = Object.keys(after).filter((path) => after[path] !== before[path])
  // The reflogs keep what the branch was, and the index the new times of its files.
  expect(moved.filter((path) => !path.startsWith('.git/logs') && path !== '.git/index')).toEqual([])
  expect(gitIn(repository, ['status', '--porcelain'])).toBe('')
})

test('a commit refuses on what is staged', async () => {
  const { house, repository, write } = await poemRace()
  write('other.txt', 'staged\n')
  gitIn(repository, ['add', 'other.txt'])
  const before = ownThings(repository)
  expect(await house.kage(repository, ['pick', 'r1', 'g3=ada', '--commit'])).toMatchObject({
    code: 1,
    json: { error: { code: 'KAGE_TARGET_STAGED' } },
  })
  expect(ownThings(repository)).toEqual(before)
})

test('another branch gets its commit without being checked out; its decisions are its own', async () => {
  const { house, repository, poem, write } = await poemRace()
  gitIn(repository, ['branch', 'side'])
  write('poem.txt', poem({ 3: 'mine 3' }))
  const before = ownThings(repository)
  const picked = await house.done<Picked>(repository, ['pick', 'r1', 'g3=ada', '--into', 'side'])
  expect(gitIn(repository, ['rev-parse', 'side']).trim()).toBe(picked.commit)
  expect(gitIn(repository, ['show', 'side:poem.txt'])).toBe(poem({ 3: 'ada 3' }))
  const after = ownThings(repository)
  expect(Object.keys(after).filter((path) => after[path] !== before[path])).toEqual([
    '.git/logs/refs/heads/side',
    '.git/refs/heads/side',
  ])
  expect((await house.done<Picked>(repository, ['pick', 'r1', 'g4=bo'])).result).toBe('landed')
  expect(await house.kage(repository, ['pick', 'r1', 'g4=bo', '--into', 'nowhere'])).toMatchObject({
    code: 1,
    json: { error: { code: 'KAGE_TARGET_UNKNOWN' } },
  })
  expect((await house.kage(repository, ['pick', 'r1', 'g4=bo', '--into', 'side', '--commit'])).code).toBe(2)
})

test('what cannot be chosen is refused with a next step, and nothing lands', async () => {
  const { house, repository } = await poemRace()
  const before = ownThings(repository)
  for (const [words, code] of [
    [['g9=ada'], 'KAGE_REGION_UNKNOWN'],
    [['g3=nobody'], 'KAGE_CHOICE_INVALID'],
    [['g1=bo', 'g4=bo'], 'KAGE_CHOICE_INVALID'],
    [['--from', 'nobody'], 'KAGE_AGENT_UNKNOWN'],
    [['--lines', 'g1.a:2-9'], 'KAGE_CHOICE_INVALID'],
  ] as const) {
    expect(await house.kage(repository, ['pick', 'r1', ...words])).toMatchObject({
      code: 1,
      json: { error: { code } },
    })
  }
  expect(ownThings(repository)).toEqual(before)
})
