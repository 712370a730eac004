import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { agentNow, eventsOf, spawnRun, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'

test('a worktree that cannot be made is attempted three times, and resume makes it when the cause is gone', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'echo by ada > ada.txt')
  const blocked = join(house.directory, 'data', 'worktrees')
  mkdirSync(join(house.directory, 'data'), { mode: 0o700 })
  writeFileSync(blocked, 'a file where a directory should be')
  await spawnRun(house, repository)
  await until(async () => (await agentNow(house, repository, 'r1/ada')).status === 'failed')
  const events = await eventsOf(house, repository, 'r1/ada')
  const failures = events.flatMap(({ type, data }) => (type === 'action.failed' ? [data] : []))
  expect(failures.map(({ action, attempt }) => [action, attempt])).toEqual([
    ['worktree.add', 1],
    ['worktree.add', 2],
    ['worktree.add', 3],
  ])
  expect((await agentNow(house, repository, 'r1/ada')).reason).toContain(failures[2]?.reason ?? '?')
  rmSync(blocked)
  await house.done(repository, ['resume', 'r1/ada'])
  await untilAll(house, repository, 'done')
})

test('a worktree that can be made on a later attempt starts its agent, and the failure is shown meanwhile', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'echo by ada > ada.txt')
  const blocked = join(house.directory, 'data', 'worktrees')
  mkdirSync(join(house.directory, 'data'), { mode: 0o700 })
  writeFileSync(blocked, '')
  await spawnRun(house, repository)
  const failing = await until(async () => {
    const agent = await agentNow(house, repository, 'r1/ada')
    return agent.reason?.includes('making its worktree failed') === true ? agent : null
  })
  expect(failing.status).toBe('queued')
  rmSync(blocked)
  const { agents } = await untilAll(house, repository, 'done')
  expect(agents[0]?.reason).not.toContain('failed')
})
