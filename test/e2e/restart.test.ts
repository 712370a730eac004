import { expect, test } from 'vitest'
import type { RunView } from '../../src/core/protocol/view.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { eventsOf } from '../support/run.ts'

test('a program that crashed is started again where its policy says so, and its work stays', async () => {
  const house = makeHouse()
  // Adds a line at each start; the second one succeeds.
  const script = 'echo line >> work.txt; [ "$(wc -l < work.txt)" -ge 2 ]'
  house.agent('bo', script)
  const command = JSON.stringify(['sh', '-c', script])
  house.configure(`[agents.ada]\nkind = "command"\ncommand = ${command}\nrestart = "transient"\n`)
  const repository = makeRepository()
  await house.done(repository, ['spawn', '-a', 'ada', '-a', 'bo', 'add lines'])
  const { json } = await house.kage<{ run: RunView }>(repository, ['wait', 'r1', '--timeout', '60'])
  const ends = json.run.agents.map(({ name, status, changed }) => [name, status, changed?.added])
  expect(ends).toEqual([
    ['ada', 'done', 2],
    ['bo', 'failed', 1],
  ])
  const events = await eventsOf(house, repository, 'r1')
  expect(events.filter(({ type }) => type === 'agent.restarting')).toMatchObject([
    { agent: 'ada', data: { attempt: 2, restart: 1, message: 'ended with exit status 1' } },
  ])
})
