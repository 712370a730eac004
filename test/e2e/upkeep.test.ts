import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked, Results } from '../../src/core/protocol/results.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { agentNow, spawnRun, untilAll } from '../support/run.ts'
import { makeWorkers } from '../support/worker.ts'

test('superseded captures are freed by gc; captures, pending work and undos stay, through both gcs', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  workers.add('bo', 'echo last >bo.txt')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  const { worktree } = await agentNow(house, repository, 'r1/ada')
  for (const fill of ['1', '2', '3', '4', '5']) {
    writeFileSync(join(worktree, 'noise.bin'), noiseOf(fill))
    await house.done(repository, ['regions', 'r1'])
  }
  workers.letGo()
  await house.done(repository, ['wait', 'r1'])
  const { undo } = await house.done<Picked>(repository, ['pick', 'r1', '--from', 'bo'])
  const before = await house.done<Results['du']>(repository, ['du'])
  expect(before.runs.map(({ run }) => run)).toEqual(['r1'])
  const { freedBytes } = await house.done<Results['gc']>(repository, ['gc'])
  expect(freedBytes).toBeGreaterThan(300_000)
  const after = await house.done<Results['du']>(repository, ['du'])
  expect(after.totalBytes).toBeLessThan(before.totalBytes - 300_000)
  expect(after.runs[0]?.bytes).toBeGreaterThan(200_000)

  await house.done(repository, ['clean'])
  gitIn(repository, ['gc', '-q', '--prune=now'])
  await house.done<Results['gc']>(repository, ['gc'])
  expect((await house.plain(repository, ['diff', 'r1/ada'])).stdout).toContain('noise.bin')
  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada', '--path', 'ada.txt'])
  await house.done(repository, ['undo'])
  await house.done(repository, ['undo', undo ?? ''])
  expect(gitIn(repository, ['status', '--porcelain'])).toBe('')
  expect((await house.kage<Results['clean']>(repository, ['clean'])).json.removed).toEqual([])
})

test('captures and landings go on while Kage packs its repository again and again', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  const { worktree } = await agentNow(house, repository, 'r1/ada')
  const over = new AbortController()
  const packed = (async () => {
    let rounds = 0
    for (; !over.signal.aborted; rounds++) await house.done(repository, ['gc'])
    return rounds
  })()
  for (let round = 0; round < 6; round++) {
    writeFileSync(join(worktree, 'ada.txt'), `round ${round}\n`)
    await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada'])
    expect((await house.plain(repository, ['diff', 'r1/ada'])).stdout).toContain(`+round ${round}`)
    if (round % 2 === 1) await house.done(repository, ['undo'])
  }
  over.abort()
  expect(await packed).toBeGreaterThan(0)
  workers.letGo()
  await house.done(repository, ['wait', 'r1'])
})

function noiseOf(seed: string): Buffer {
  return createHash('shake256', { outputLength: 200_000 }).update(seed).digest()
}
