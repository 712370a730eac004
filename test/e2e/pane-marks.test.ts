import { realpathSync } from 'node:fs'
import { expect, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { spawnRun, untilAll } from '../support/run.ts'

test("an agent's pane knows its run and that run's repository, in which popups over it work", async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'exec cat')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  const marks = ['-f', '#{@kage_agent}', '-F', '#{@kage_agent} #{@kage_run} #{@kage_repository}']
  expect(house.tmux('list-panes', '-a', ...marks).trim()).toBe(`r1/ada r1 ${realpathSync(repository)}`)
})
