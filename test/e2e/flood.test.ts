import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DaemonStatus, RegionsView } from '../../src/core/protocol/results.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { eventsOf, spawnRun, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'
import { holdUntil } from '../support/worker.ts'

const count = 100_000

test('neither a hundred thousand reports at once nor sparse files of 4 GiB hold up a review', async () => {
  const house = makeHouse()
  const go = join(house.directory, 'go')
  const outbox = '"$(dirname "$KAGE_TASK_FILE")/outbox"'
  const report = JSON.stringify({ type: 'agent.said', data: { text: 'x' } })
  house.agent('ada', `echo ada > a.txt\n${holdUntil(go)}\nyes '${report}' | head -n ${count} >> ${outbox}`)
  house.agent('bo', `echo bo > b.txt\n${holdUntil(go)}\ntruncate -s 4G ${outbox}`)
  house.agent('cy', `echo cy > c.txt; truncate -s 4G core.dump\n${holdUntil(go)}`)
  const repository = makeRepository()
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  writeFileSync(go, '')
  const events = async (): Promise<number> =>
    (await house.done<DaemonStatus>(repository, ['daemon', 'status'])).events ?? 0
  await until(async () => (await events()) > 500)
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  expect(regions.map(({ path }) => path)).toEqual(['a.txt', 'b.txt', 'c.txt'])
  await house.done(repository, ['wait', 'r1'])
  expect(await events()).toBeGreaterThan(count)
  const refusals = (await eventsOf(house, repository, 'r1/bo')).filter(
    ({ type }) => type === 'report.refused',
  )
  expect(refusals.length).toBeLessThan(10)
  const { run } = await house.done<{ run: { agents: { leftOut?: string[] }[] } }>(repository, ['show', 'r1'])
  expect(JSON.stringify(run.agents[2]?.leftOut)).toContain('core.dump')
})
