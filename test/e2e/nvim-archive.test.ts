import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { startNeovim } from '../support/neovim.ts'
import { eventsOf, spawnRun } from '../support/run.ts'
import { until } from '../support/until.ts'

test('an archived run is reviewed, landed and undone in Neovim by its name', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'echo ada > a.txt')
  await spawnRun(house, repository, '--wait')
  await house.done(repository, ['clean'])
  await house.done(repository, ['daemon', 'restart'])
  await until(async () => (await eventsOf(house, repository)).some(({ type }) => type === 'run.archived'))
  const editor = await startNeovim(house, repository)
  editor.command('KageReview')
  const hint = ':KageReview r1 shows'
  await until(async () => (await editor.notes()).some((note) => note.includes(hint)))
  editor.command('KageReview r1')
  await editor.shows('r1 · 1 of 1 open')
  editor.type('1')
  await editor.shows('r1 · 0 of 1 open · 1 to land')
  editor.command('w')
  await editor.shows('y land')
  editor.type('y')
  const text = (): string => readFileSync(join(repository, 'a.txt'), 'utf8')
  await until(() => text() === 'ada\n')
  await editor.shows('r1 · 0 of 1 open')
  editor.type('q')
  editor.command('Kage undo u1')
  await until(() => text() !== 'ada\n')
  expect((await eventsOf(house, repository)).filter(({ type }) => type === 'run.reopened')).toHaveLength(1)
})
