import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Fault } from '../../src/core/error.ts'
import type { DaemonStatus, Picked } from '../../src/core/protocol/results.ts'
import type { AgentView, RunView } from '../../src/core/protocol/view.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { until } from '../support/until.ts'

const program = resolve(import.meta.dirname, '../../bin/kage')

/** Starts a command and kills its process when something has happened, wherever it is then. */
async function killed(
  house: House,
  repository: string,
  words: readonly string[],
  when: () => Promise<unknown>,
): Promise<void> {
  const child = spawn(program, [...words], { cwd: repository, env: house.environment, stdio: 'ignore' })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  await when()
  child.kill('SIGKILL')
  await ended
}

test('a client that speaks nonsense is cut off, and the daemon goes on', async () => {
  const house = makeHouse()
  const { pid, socket } = await house.done<DaemonStatus>(house.directory, ['daemon', 'start'])
  const texts: readonly Buffer[] = [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from([0xc1]),
    Buffer.alloc(200_000, 0x91),
    Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]),
    Buffer.from([0xdb, 0x7f, 0xff, 0xff, 0xff]),
    Buffer.from([0x94, 1, 1, 0xc0, 0xc0]),
  ]
  for (const bytes of texts) {
    const heard = await new Promise<string>((done) => {
      let all = ''
      const client = createConnection(socket)
      client.on('data', (chunk) => (all += chunk.toString('latin1')))
      client.on('error', () => {})
      client.on('close', () => done(all))
      client.write(bytes)
    })
    expect(heard).toContain('KAGE_FRAME')
  }
  expect((await house.done<DaemonStatus>(house.directory, ['daemon', 'status'])).pid).toBe(pid)
})

test('a client killed while it spawns leaves a whole run or none', async () => {
  const house = makeHouse()
  house.agent('ada', 'echo more >> a.txt')
  const repository = makeRepository()
  await house.done(repository, ['ls'])
  const words = ['spawn', '--wait', 'task']
  for (const afterMs of [20, 60, 90, 120, 160, 200])
    await killed(house, repository, words, () => pause(afterMs))
  const runsNow = async (): Promise<number> =>
    (await house.done<{ runs: unknown[] }>(repository, ['ls', '--all'])).runs.length
  const before = await runsNow()
  await killed(house, repository, words, () => until(async () => (await runsNow()) > before))
  // What a killed client had sent may still be under way: in the end every branch is a run's, and every run is done.
  const runs = await until(async () => {
    const listed = await house.done<{ runs: RunView[] }>(repository, ['ls', '--all'])
    const branches = gitIn(repository, ['branch', '--list', 'kage/*', '--format=%(refname:short)'])
    const wanted = listed.runs.map(({ id }) => `kage/${id}/ada\n`)
    const whole = listed.runs.every(({ status }) => status === 'done')
    const same = (branches.match(/.+\n/g) ?? []).toSorted().join('') === wanted.toSorted().join('')
    return whole && same ? listed.runs : null
  })
  expect(runs.length).toBeGreaterThan(0)
})

test('a client killed while it picks leaves all of it or nothing, and it can be undone', async () => {
  const house = makeHouse()
  house.agent('ada', 'echo more >> a.txt; echo new > new.txt')
  const repository = makeRepository()
  await house.done(repository, ['spawn', '--wait', 'task'])
  for (const afterMs of [40, 80, 110, 140, 180, 240]) {
    await killed(house, repository, ['pick', 'r1', '--from', 'ada'], () => pause(afterMs))
    // Picks of one repository come one after the other: this one comes after what the killed client had begun.
    const picked = await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada'])
    expect(['landed', 'nothing']).toContain(picked.result)
    expect(gitIn(repository, ['status', '--porcelain'])).toBe(' M a.txt\n?? new.txt\n')
    await house.done(repository, ['undo'])
    expect(gitIn(repository, ['status', '--porcelain'])).toBe('')
  }
})

test('five clients that spawn at once get five runs', async () => {
  const house = makeHouse()
  house.agent('ada', 'echo more >> a.txt')
  const repository = makeRepository()
  const tasks = ['one', 'two', 'three', 'four', 'five']
  const answers = await Promise.all(
    tasks.map((task) =>
      house.done<{ run: RunView }>(repository, ['spawn', '--wait', '--timeout', '25', task]),
    ),
  )
  expect(answers.map(({ run }) => [run.task, run.status])).toEqual(tasks.map((task) => [task, 'done']))
  expect(answers.map(({ run }) => run.id).toSorted()).toEqual(['r1', 'r2', 'r3', 'r4', 'r5'])
})

test('texts sent to an agent arrive as they are or are refused', async () => {
  const house = makeHouse()
  const marker = join(house.directory, 'marker')
  house.agent('ada', `stty raw -echo; cat > ${join(house.directory, 'heard')}`)
  house.agent('over', 'exit 0')
  const repository = makeRepository()
  await house.done(repository, ['spawn', 'task'])
  await until(async () => {
    const { agent } = await house.done<{ agent: AgentView }>(repository, ['show', 'r1/ada'])
    return agent.status === 'working'
  })
  const texts = [
    '-',
    '-n #{pane_id}',
    `$(touch ${marker})`,
    `; touch ${marker}`,
    `#(touch ${marker})`,
    'Enter',
    '漢 🎉',
  ]
  for (const text of texts) {
    const { code } = await house.kage(repository, ['send', 'r1/ada', '--', text])
    expect([text, code]).toEqual([text, 0])
    await until(() => readFileSync(join(house.directory, 'heard'), 'utf8').includes(text))
  }
  const tooLong = await house.kage<{ error: Fault }>(repository, [
    'send',
    'r1/ada',
    '-'.repeat(100_000) + 'x',
  ])
  expect(tooLong.code).toBeLessThanOrEqual(2)
  await house.done(repository, ['stop', 'r1'])
  for (const agent of ['r1/ada', 'r1/over']) {
    const { code, json, stderr } = await house.kage<{ outcome: string }>(repository, ['send', agent, 'hello'])
    expect([code, json.outcome, stderr]).toEqual([1, 'refused', expect.stringContaining('kage show')])
  }
})

test('a daemon that is halted is told of, and is there again when it goes on', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const { pid } = await house.done<DaemonStatus>(repository, ['daemon', 'start'])
  process.kill(pid ?? 0, 'SIGSTOP')
  try {
    const [listed, status] = await Promise.all([
      house.kage<{ error: Fault }>(repository, ['ls']),
      house.kage<{ error: Fault }>(repository, ['daemon', 'status']),
    ])
    for (const { code, json } of [listed, status])
      expect([code, json.error.code]).toEqual([124, 'KAGE_TIMEOUT'])
  } finally {
    process.kill(pid ?? 0, 'SIGCONT')
  }
  expect(await house.done(repository, ['ls'])).toEqual({ runs: [] })
})
