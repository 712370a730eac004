import { once } from 'node:events'
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isTooLong, looked, type Silence, startWatchdog } from '../../../src/adapters/provider/watchdog.ts'
import { modelServer } from '../../support/model-server.ts'
import { until } from '../../support/until.ts'

const patience = { firstContentMs: 5000, idleMs: 3000, lookEveryMs: 1000 }

test('a silence is too long only after its time', () => {
  const silence: Silence = { sinceMs: 0, lookedMs: 0, begun: false }
  expect(isTooLong(silence, 4999, patience)).toBe(false)
  expect(isTooLong(silence, 5000, patience)).toBe(true)
  expect(isTooLong({ ...silence, begun: true }, 2999, patience)).toBe(false)
  expect(isTooLong({ ...silence, begun: true }, 3000, patience)).toBe(true)
})

test('a look that comes far too late begins the silence anew', () => {
  const silence: Silence = { sinceMs: 0, lookedMs: 4000, begun: true }
  expect(looked(silence, 5000, patience)).toEqual({ sinceMs: 0, lookedMs: 5000, begun: true })
  expect(looked(silence, 60_000, patience)).toEqual({ sinceMs: 60_000, lookedMs: 60_000, begun: true })
})

test('content puts the end off, and the time after it is the shorter one', async () => {
  let now = 0
  const watchdog = startWatchdog({ ...patience, lookEveryMs: 1 }, () => now)
  onTestFinished(watchdog.close)
  expect(watchdog.allowedMs()).toBe(5000)
  watchdog.content()
  expect(watchdog.allowedMs()).toBe(3000)
  const walk = setInterval(() => (now += 200), 1)
  onTestFinished(() => clearInterval(walk))
  await once(watchdog.signal, 'abort')
  expect(now).toBeGreaterThanOrEqual(3000)
})

test('an answer survives that its process is suspended for longer than the silence may last', async () => {
  const server = await modelServer([{ text: ['One ', 'two.'], pace: 3000 }])
  const child = fork(join(import.meta.dirname, '../../support/provider-child.ts'), [server.address])
  onTestFinished(() => void child.kill('SIGKILL'))
  const heard: unknown[] = []
  child.on('message', (message) => heard.push(message))
  await until(() => heard.includes('One '))
  child.kill('SIGSTOP')
  // Longer than the silence that is allowed (1500 ms) and than what counts as standing still.
  const stoppedAt = performance.now()
  await until(() => performance.now() - stoppedAt > 2400)
  child.kill('SIGCONT')
  await until(() => heard.length === 3)
  expect(heard).toEqual(['One ', 'two.', { text: 'One two.' }])
})
