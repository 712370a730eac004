import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DaemonStatus } from '../../src/core/protocol/results.ts'
import { restingHouse } from '../support/fixture/damaged.ts'
import { until } from '../support/until.ts'

test('the store is checked after each start of the daemon, and what is found is told', async () => {
  const house = await restingHouse()
  const { repository, state, own } = house
  const health = async (): Promise<DaemonStatus['health']> => {
    await house.done(repository, ['daemon', 'start'])
    const { health: found } = await until(async () => {
      const status = await house.done<DaemonStatus>(repository, ['daemon', 'status'])
      return status.health === null ? null : status
    })
    return found
  }
  expect(await health()).toMatchObject({ ok: true, problems: 0 })
  expect((await house.plain(repository, ['daemon', 'status'])).stdout).toContain('The store is whole.')
  await house.done(repository, ['daemon', 'stop'])
  writeFileSync(join(own, 'landings/u4'), 'garbage')
  expect(await health()).toMatchObject({ ok: false, problems: 1 })
  expect((await house.plain(repository, ['daemon', 'status'])).stdout).toContain('1 problems: `kage verify`')
  expect(readFileSync(join(state, 'daemon.log'), 'utf8')).toContain(
    'store check: journal: The journal of u4 is damaged',
  )
})
