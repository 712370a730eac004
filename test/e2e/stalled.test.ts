import { expect, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { agentNow, eventsOf, spawnRun } from '../support/run.ts'
import { until } from '../support/until.ts'

test('an agent that goes silent is told as stalled', async () => {
  const house = makeHouse()
  house.agent('ada', 'echo begun; exec sleep 600')
  house.configure('[attention]\nafter_s = 0.5\n')
  const repository = makeRepository()
  await spawnRun(house, repository)
  const isStalled = async (): Promise<boolean> =>
    (await eventsOf(house, repository, 'r1')).some(({ type }) => type === 'agent.stalled')
  await until(isStalled)
  const { status, reason } = await agentNow(house, repository, 'r1/ada')
  expect(status).toBe('working')
  expect(reason).toMatch(/stalled: no sign of life since /)
  await house.done(repository, ['stop', 'r1'])
})
