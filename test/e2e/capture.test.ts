import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RunView } from '../../src/core/protocol/view.ts'
import { makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { agentNow, eventsOf, runNow, spawnRun, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'
import { makeWorkers } from '../support/worker.ts'

test('a last capture that fails is shown with its reason, is no success, and is made up for when somebody asks', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  await house.done(repository, ['regions', 'r1'])
  const objects = takeAwayObjects(house)
  workers.letGo()
  const waited = await house.kage<{ run: RunView }>(repository, ['wait', 'r1'])
  expect(waited.code).toBe(3)
  expect(waited.json.run.agents[0]?.uncaptured).toContain('git')
  const ls = (await house.plain(repository, ['ls'])).stdout
  expect(ls).toContain('not captured')
  expect(ls).not.toContain('0 files')
  expect(ls).toContain('capturing its work failed 5 times (Kage gave up)')
  const { reason } = await agentNow(house, repository, 'r1/ada')
  expect(reason).toContain('capturing its work failed')
  const failed = (await eventsOf(house, repository)).filter(({ type }) => type === 'action.failed')
  expect(failed.map(({ data }) => (data as { attempt: number }).attempt)).toEqual([1, 2, 3, 4, 5])

  const refused = await house.kage(repository, ['clean', '--force'])
  expect(refused).toMatchObject({ code: 1, json: { error: { code: 'KAGE_WORK_UNSAVED' } } })

  objects.putBack()
  expect((await house.kage(repository, ['wait', 'r1'])).code).toBe(0)
  const run = await runNow(house, repository)
  expect(run.agents[0]).toMatchObject({ uncaptured: null, changed: { files: 1 } })
  expect((await house.plain(repository, ['diff', 'r1/ada'])).stdout).toContain('+by ada')
})

test('a capture that was given up is attempted again when the daemon starts', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  await house.done(repository, ['regions', 'r1'])
  const objects = takeAwayObjects(house)
  workers.letGo()
  expect((await house.kage(repository, ['wait', 'r1'])).code).toBe(3)
  await house.killDaemon()
  objects.putBack()
  await house.done(repository, ['daemon', 'start'])
  const captured = await until(async () => {
    const events = await eventsOf(house, repository)
    return events.find(({ type, data }) => type === 'candidate.captured' && 'final' in data && data.final)
  })
  expect(captured.agent).toBe('ada')
})

test('an agent that writes all the time is compared, marked as captured in motion, and rests after its end', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  house.agent(
    'restless',
    `for each in 1 2 3 4 5 6; do
       (while [ ! -e '${join(house.directory, 'released')}' ]; do echo line >>log$each.txt; done) &
     done
     wait; echo end >>log1.txt`,
  )
  workers.add('calm')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  const { json, stderr } = await house.kage<{ regions: { path: string }[] }>(repository, ['regions', 'r1'])
  expect(json.regions.map(({ path }) => path)).toEqual(expect.arrayContaining(['calm.txt', 'log1.txt']))
  expect(stderr).toContain('r1/restless was captured in motion')
  expect(await agentNow(house, repository, 'r1/restless')).toMatchObject({ inMotion: true })
  workers.letGo()
  await house.done(repository, ['wait', 'r1'])
  expect(await agentNow(house, repository, 'r1/restless')).toMatchObject({ inMotion: false })
  expect((await house.plain(repository, ['diff', 'r1/restless'])).stdout).toContain('+end')
})

/** Moves the object directory of Kage's own repository away, as a disk that is not mounted would. */
function takeAwayObjects(house: House): { readonly putBack: () => void } {
  const root = join(house.environment['KAGE_STATE_DIR'] ?? '', 'repositories')
  const [name = ''] = readdirSync(root)
  const objects = join(root, name, 'objects')
  renameSync(objects, `${objects}.away`)
  return { putBack: () => renameSync(`${objects}.away`, objects) }
}
