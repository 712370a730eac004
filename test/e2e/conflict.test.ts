import { expect, test } from 'vitest'
import type { ConflictRegionView, Picked } from '../../src/core/protocol/results.ts'
import { commitAll, gitIn } from '../support/git-repository.ts'
import { poemRace, type PoemRace } from '../support/poem-race.ts'
import { ownThings } from '../support/untouched.ts'

test('a conflict is told with its three sides, whose work it is, and lands as the person says; undo brings theirs back', async () => {
  const race = await poemRace()
  race.write('poem.txt', race.poem({ 3: 'mine 3', 12: 'mine 12' }))
  const before = ownThings(race.repository)
  const region = await conflictOf(race, ['g3=ada', 'g4=bo'])
  expect(region).toMatchObject({
    lines: [2, 3],
    baseLines: [2, 3],
    agents: ['r1/ada'],
    base: { text: 'line 3\n' },
    ours: { text: 'mine 3\n' },
    theirs: { text: 'ada 3\n' },
    remembered: null,
  })
  expect(ownThings(race.repository)).toEqual(before)
  const said = ['g3=ada', 'g4=bo', '--resolve', `${region.id}=ours+theirs`]
  const tried = await race.house.done<Picked>(race.repository, ['pick', 'r1', ...said, '--dry-run'])
  expect(ownThings(race.repository)).toEqual(before)
  const landed = await race.house.done<Picked>(race.repository, ['pick', 'r1', ...said])
  expect(landed.tree).toBe(tried.tree)
  expect(race.read('poem.txt')).toBe(race.poem({ 3: 'mine 3\nada 3', 8: 'bo 8', 12: 'mine 12' }))
  await race.house.done(race.repository, ['undo'])
  expect(ownThings(race.repository)).toEqual(before)
})

test('what was said is offered where the same three sides meet again, through a crash, and is not applied unasked', async () => {
  const race = await poemRace()
  race.write('poem.txt', race.poem({ 3: 'mine 3' }))
  const { id } = await conflictOf(race, ['g3=ada'])
  race.write('both.txt', 'mine and ada 3\n')
  await race.house.done(race.repository, ['pick', 'r1', 'g3=ada', '--resolve', `${id}=@both.txt`])
  expect(race.read('poem.txt')).toBe(race.poem({ 3: 'mine and ada 3' }))
  await race.house.done(race.repository, ['undo'])
  await race.house.killDaemon()
  const again = await conflictOf(race, ['g3=ada'])
  expect(again.remembered).toEqual({
    choice: 'edited',
    text: { text: 'mine and ada 3\n', encoding: 'utf-8' },
  })
  await race.house.done(race.repository, ['pick', 'r1', 'g3=ada', '--resolve', `${again.id}=remembered`])
  expect(race.read('poem.txt')).toBe(race.poem({ 3: 'mine and ada 3' }))
})

test('a conflict with the branch is resolved in a commit, and a piece beside it is still to be had', async () => {
  const race = await poemRace()
  race.write('poem.txt', race.poem({ 3: 'mine 3' }))
  commitAll(race.repository, 'mine')
  const { id } = await conflictOf(race, ['g3=bo', '--commit'])
  await race.house.done(race.repository, ['pick', 'r1', 'g3=bo', '--commit', '--resolve', `${id}=theirs`])
  expect(gitIn(race.repository, ['show', 'HEAD:poem.txt'])).toBe(race.poem({ 3: 'bo 3' }))
  await race.house.done(race.repository, ['pick', 'r1', 'g5=ada', '--commit'])
  expect(race.read('poem.txt')).toBe(race.poem({ 3: 'bo 3', 15: 'ada 15' }))
})

test('words that fit no conflict are refused and nothing is changed', async () => {
  const race = await poemRace()
  race.write('poem.txt', race.poem({ 3: 'mine 3' }))
  const before = ownThings(race.repository)
  const { id } = await conflictOf(race, ['g3=ada'])
  const refusals = [
    [['g3=ada', '--resolve', 'c1234567=ours'], 1, 'KAGE_CONFLICT_UNKNOWN'],
    [['g4=bo', '--resolve', `${id}=ours`], 1, 'KAGE_CONFLICT_UNKNOWN'],
    [['g3=ada', '--resolve', `${id}=remembered`], 1, 'KAGE_CHOICE_INVALID'],
    [['g3=ada', '--resolve', `${id}=@nowhere`], 1, 'KAGE_CHOICE_INVALID'],
    [['g3=ada', '--resolve', `${id}=mine`], 2, 'KAGE_USAGE'],
    [['g3=ada', '--resolve', id], 2, 'KAGE_USAGE'],
  ] as const
  for (const [words, code, refusal] of refusals) {
    const said = await race.house.kage(race.repository, ['pick', 'r1', ...words])
    expect([said.code, said.json]).toMatchObject([code, { error: { code: refusal } }])
    expect(ownThings(race.repository)).toEqual(before)
  }
})

test('for people a conflict is shown with its lines and the words to say', async () => {
  const race = await poemRace()
  race.write('poem.txt', race.poem({ 3: 'mine 3' }))
  const { id } = await conflictOf(race, ['g3=ada'])
  const { stdout, code } = await race.house.plain(race.repository, ['pick', 'r1', 'g3=ada'])
  expect(code).toBe(4)
  expect(stdout).toContain('poem.txt  content: you and r1/ada changed the same lines\n')
  expect(stdout).toContain('    ours    mine 3\n    theirs  ada 3\n')
  expect(stdout).toContain(`  --resolve ${id}=ours|theirs|ours+theirs|theirs+ours|@FILE\n`)
})

async function conflictOf(race: PoemRace, words: readonly string[]): Promise<ConflictRegionView> {
  const said = await race.house.kage<Picked>(race.repository, ['pick', 'r1', ...words])
  expect(said.code).toBe(4)
  const [region] = said.json.conflicts.flatMap(({ regions }) => regions)
  if (region === undefined) throw new Error(JSON.stringify(said.json))
  return region
}
