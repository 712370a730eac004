import { expect, test } from 'vitest'
import { type GroupOptions, runGroup } from '../../../src/adapters/process/group.ts'
import { startDeadline } from '../../../src/adapters/process/deadline.ts'
import { isRunning } from '../../support/running.ts'
import { temporaryDirectory } from '../../support/temporary.ts'
import { until } from '../../support/until.ts'

test('a group ends by itself, by time, by signal or by too much output', async () => {
  expect(await group('exit 3')).toMatchObject({ cause: 'exit', code: 3 })
  expect(await group('exec sleep 1000', { timeoutMs: 100 })).toMatchObject({
    cause: 'time',
    signal: 'SIGTERM',
  })
  expect(await group('exec sleep 1000', { signal: AbortSignal.abort() })).toMatchObject({ cause: 'signal' })
  expect(await group('yes', { outputBytesMax: 100_000 })).toMatchObject({ cause: 'output' })
})

test('a program that cannot be started is an end with a problem', async () => {
  const end = await runGroup('/nonexistent/program', [], options({}))
  expect(end.problem).toContain('ENOENT')
})

test('what left the group ends with it, even when it ignores to be asked', async () => {
  let printed = ''
  const script =
    'setsid sh -c \'trap "" TERM HUP; echo $$; while :; do sleep 1000; done\' & sleep 0.2; echo end'
  const end = await group(script, { onOutput: (piece) => (printed += piece) })
  expect(end).toMatchObject({ cause: 'exit', code: 0 })
  const [pid, last] = printed.trim().split('\n')
  expect(last).toBe('end')
  await until(() => !isRunning(Number(pid)))
})

test('letters that are cut between two pieces arrive whole', async () => {
  let printed = ''
  await group('printf "\\303"; sleep 0.1; printf "\\244"', { onOutput: (piece) => (printed += piece) })
  expect(printed).toBe('ä')
})

test('a watchdog calls once when its time is over, not before, and not when it was stopped', async () => {
  const calls: string[] = []
  const startedMs = performance.now()
  startDeadline(10_000, () => calls.push('never')).stop()
  startDeadline(200, () => calls.push(`after ${performance.now() - startedMs >= 190}`))
  await until(() => calls.length > 0)
  expect(calls).toEqual(['after true'])
})

function group(script: string, more: Partial<GroupOptions> = {}): ReturnType<typeof runGroup> {
  return runGroup('/bin/sh', ['-c', script], options(more))
}

function options(more: Partial<GroupOptions>): GroupOptions {
  return {
    cwd: temporaryDirectory(),
    env: { PATH: process.env['PATH'] ?? '' },
    timeoutMs: 20_000,
    outputBytesMax: 1e6,
    signal: new AbortController().signal,
    onOutput: () => {},
    ...more,
  }
}
