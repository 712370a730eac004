import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { agentNow, untilAll } from '../support/run.ts'
import { isRunning } from '../support/running.ts'
import { until } from '../support/until.ts'

/** A run whose agent has ended and left a process behind that takes no TERM; returns its number. */
async function leftBehind(): Promise<{ house: House; repository: string; left: number }> {
  const house = makeHouse()
  const repository = makeRepository()
  const child = join(house.directory, 'child')
  const stubborn = `trap '' TERM HUP; echo $$ > '${child}.new'; mv '${child}.new' '${child}'; while :; do sleep 1; done`
  house.agent(
    'ada',
    `setsid sh -c "${stubborn.replaceAll('$', '\\$')}" </dev/null >/dev/null 2>&1 &\nwhile [ ! -e '${child}' ]; do sleep 0.01; done`,
  )
  await house.done(repository, ['spawn', '--wait', 'task'])
  const left = Number(readFileSync(child, 'utf8'))
  onTestFinished(() => {
    if (isRunning(left)) process.kill(left, 'SIGKILL')
  })
  expect(isRunning(left)).toBe(true)
  return { house, repository, left }
}

test('a process that outlives its agent is shown, and clean ends it', async () => {
  const { house, repository, left } = await leftBehind()
  const shown = await agentNow(house, repository, 'r1/ada')
  expect(shown.status).toBe('done')
  expect(shown.leftovers?.map(({ pid }) => pid)).toContain(left)
  expect((await house.plain(repository, ['ls'])).stdout).toContain(
    `process ${left} of r1/ada still runs: sh -c`,
  )
  const stranger = spawn('sleep', ['1000'], {
    env: { ...process.env, KAGE_AGENT: 'r1/ada', KAGE_TASK_FILE: join(house.directory, 'task') },
  })
  onTestFinished(() => void stranger.kill('SIGKILL'))
  await house.done(repository, ['clean', 'r1'])
  expect(isRunning(left)).toBe(false)
  expect(isRunning(stranger.pid)).toBe(true)
  expect(existsSync(shown.worktree)).toBe(false)
})

test('stop ends what an agent left running, also after its end and a new start of the daemon', async () => {
  const { house, repository, left } = await leftBehind()
  await house.killDaemon()
  await house.done(repository, ['stop', 'r1'])
  await until(() => !isRunning(left))
  expect((await agentNow(house, repository, 'r1/ada')).leftovers).toBeUndefined()
})

test('what an earlier attempt left running is ended, too', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const pid = join(house.directory, 'pid')
  house.agent(
    'ada',
    `[ -e '${pid}' ] && exit 0\nsetsid sleep 1000 </dev/null >/dev/null 2>&1 &\necho $! > '${pid}'; exit 1`,
  )
  await house.kage(repository, ['spawn', '--wait', 'task'])
  await house.done(repository, ['resume', 'r1'])
  await untilAll(house, repository, 'done')
  const { leftovers = [] } = await agentNow(house, repository, 'r1/ada')
  expect(leftovers.map(({ command }) => command)).toEqual(['sleep 1000'])
  await house.done(repository, ['clean', 'r1'])
  expect(isRunning(leftovers[0]?.pid)).toBe(false)
})
