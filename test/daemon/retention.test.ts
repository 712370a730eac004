import { expect, test } from 'vitest'
import type { Picked } from '../../src/core/protocol/results.ts'
import { keepRetention } from '../../src/daemon/retention.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { partsOf } from '../support/ground.ts'
import { makeHouse } from '../support/kage.ts'
import { agentNow, spawnRun } from '../support/run.ts'

test('branches of cleaned runs that have landed go after the days that are configured, and no other', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  for (const name of ['ada', 'bo']) house.agent(name, `echo "by ${name}" >"${name}-$KAGE_RUN.txt"`)
  for (const run of ['r1', 'r2']) {
    await spawnRun(house, repository, '--wait')
    await house.done<Picked>(repository, ['pick', run, '--from', 'ada', '-m', run, '--commit'])
  }
  await house.done(repository, ['clean', 'r1'])
  const ends = ['ada', 'bo'].map(async (name) =>
    Date.parse((await agentNow(house, repository, `r1/${name}`)).since),
  )
  const endMs = Math.max(...(await Promise.all(ends)))
  await house.done(repository, ['daemon', 'stop'])

  const all = ['kage/r1/ada', 'kage/r1/bo', 'kage/r2/ada', 'kage/r2/bo']
  const branches = (): string[] =>
    gitIn(repository, ['branch', '--list', 'kage/*', '--format=%(refname:short)']).trim().split('\n')
  const parts = await partsOf(house)
  const after = async (days: number, ms: number): Promise<string[]> => {
    house.configure(`[retention]\nbranches_days = ${days}\n`)
    await keepRetention(parts, endMs + ms)
    return branches()
  }
  const dayMs = 86_400_000
  expect(await after(0, 1000 * dayMs)).toEqual(all)
  expect(await after(3, 3 * dayMs - 1)).toEqual(all)
  expect(await after(3, 3 * dayMs)).toEqual(all.filter((branch) => branch !== 'kage/r1/ada'))
  const { seq } = parts.kernel.state
  expect(parts.store.readEvents({ after: seq - 1, limit: 1 })).toMatchObject([
    { type: 'branch.deleted', run: 'r1', agent: 'ada' },
  ])
})
