import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked, RegionsView } from '../../src/core/protocol/results.ts'
import { commitAll, gitIn } from '../support/git-repository.ts'
import { poemRace, type PoemRace } from '../support/poem-race.ts'
import { startReview } from '../support/review-editor.ts'
import { until } from '../support/until.ts'

test('what landed and was thrown away since is told as missing; what was changed on, or committed, is not', async () => {
  const race = await poemRace()
  await race.house.done<Picked>(race.repository, ['pick', 'r1', '--from', 'ada'])
  await race.house.done<Picked>(race.repository, ['pick', 'r1', 'g4=bo', 'g2=bo'])
  expect(await missingIn(race)).toEqual([])
  race.write('poem.txt', race.poem({ 8: 'bo 8 and mine', 12: 'mine 12', 15: 'ada 15' }))
  rmSync(join(race.repository, 'bo.txt'))
  expect(await missingIn(race)).toEqual(['g2', 'g3'])
  commitAll(race.repository, 'mine')
  expect(await missingIn(race)).toEqual(['g2', 'g3'])
  gitIn(race.repository, ['mv', 'poem.txt', 'verse.txt'])
  expect(await missingIn(race)).toEqual(['g2', 'g3'])
  await race.house.done<Picked>(race.repository, ['pick', 'r1', 'g3=ada'])
  expect(race.read('verse.txt')).toBe(
    race.poem({ 3: 'ada 3', 8: 'bo 8 and mine', 12: 'mine 12', 15: 'ada 15' }),
  )
  expect(await missingIn(race)).toEqual(['g2'])
})

test('in the review it is shown as thrown away, and its number takes it again', async () => {
  const race = await poemRace()
  await race.house.done<Picked>(race.repository, ['pick', 'r1', 'g3=bo', 'g5=ada'])
  gitIn(race.repository, ['checkout', '--', 'poem.txt'])
  const editor = await startReview(race.house, race.repository)
  await editor.decided({ g3: '○2', g5: '○1' })
  editor.type('J', 'J', '2')
  await editor.decided({ g3: '✓2', g5: '○1' })
  editor.command('w')
  await editor.shows('y land')
  editor.type('y')
  await until(() => race.read('poem.txt') === race.poem({ 3: 'bo 3' }))
  await editor.decided({ g3: '●2', g5: '○1' })
})

test('an open review tells what lands cleanly after each commit, checkout, or return to it', async () => {
  const race = await poemRace()
  const editor = await startReview(race.house, race.repository)
  await editor.shows(/g3 3 {2}1 · 2\b/)
  race.write('poem.txt', race.poem({ 3: 'mine 3' }))
  commitAll(race.repository, 'mine')
  await editor.shows(/g3 3 {2}1! · 2!/)
  gitIn(race.repository, ['reset', '--quiet', '--hard', 'HEAD^'])
  await editor.shows(/g3 3 {2}1 · 2\b/)
  editor.command('tabnew')
  race.write('poem.txt', race.poem({ 15: 'mine 15' }))
  editor.command('tabprevious')
  await editor.shows(/g5 15 {2}1! · /)
})

async function missingIn({ house, repository }: PoemRace): Promise<string[]> {
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  return regions.flatMap(({ id, missing }) => (missing === true ? [id] : []))
}
