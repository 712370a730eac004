import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { spawnRun } from '../support/run.ts'
import { until } from '../support/until.ts'
import { makeWorkers } from '../support/worker.ts'

const program = resolve(import.meta.dirname, '../../bin/kage')

test('following one run rests while only others have events, and prints each event once', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  workers.letGo()
  await spawnRun(house, repository)
  await house.done(repository, ['wait', 'r1', '--timeout', '20'])
  await spawnRun(house, repository)
  await house.done(repository, ['wait', 'r2', '--timeout', '20'])
  const follower = spawn(program, ['--json', 'log', 'r1', '--follow'], {
    cwd: repository,
    env: house.environment,
  })
  let text = ''
  follower.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
  try {
    await until(() => text.includes('candidate.captured'))
    const before = ticksOf(follower.pid ?? 0)
    for (let count = 0; count < 20; count++) await house.done(repository, ['daemon', 'status'])
    expect(ticksOf(follower.pid ?? 0) - before).toBeLessThan(20)
    await house.done(repository, ['clean', 'r1'])
    await until(() => text.includes('worktree.removed'))
    const seqs = text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { seq: number }).seq)
    expect(new Set(seqs).size).toBe(seqs.length)
  } finally {
    follower.kill()
  }
})

/** The processor time that a process has used, in ticks of 10 ms. */
function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return Number(fields[11]) + Number(fields[12])
}
