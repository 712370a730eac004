import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clearPlaces, furnish } from '../../../src/adapters/check/place.ts'
import { runChecks } from '../../../src/adapters/check/run-checks.ts'
import type { Check } from '../../../src/core/check.ts'
import { isRunning } from '../../support/running.ts'
import { temporaryDirectory } from '../../support/temporary.ts'
import { until } from '../../support/until.ts'

const env = { PATH: process.env['PATH'] ?? '' }
const never = new AbortController().signal

test('a check passes by exit code 0, and everything else is told as what it is', async () => {
  const directory = temporaryDirectory()
  const checks = [
    shell('good', 'echo fine; echo also >&2'),
    shell('bad', 'echo broken; exit 3'),
    shell('killed', 'kill -9 $$'),
    { ...shell('slow', 'sleep 60'), timeoutMs: 200 },
    { ...shell('missing', ''), command: ['no-such-program'] },
  ]
  const results = await runChecks(checks, { directory, env, signal: never })
  expect(results.map(({ name, outcome, exitCode }) => [name, outcome, exitCode])).toEqual([
    ['good', 'passed', 0],
    ['bad', 'failed', 3],
    ['killed', 'failed', null],
    ['slow', 'timeout', null],
    ['missing', 'error', null],
  ])
  expect(results[0]!.output.split('\n').toSorted()).toEqual(['', 'also', 'fine'])
  expect(results[1]!.output).toBe('broken\n')
  expect(results[4]!.output).toContain('no-such-program')
})

test('with a check end all processes that it started, also those that left its group', async () => {
  const directory = temporaryDirectory()
  const pids = join(directory, 'pids')
  const script = `sleep 300 & echo $! > ${pids}; setsid sleep 300 & echo $! >> ${pids}; wait`
  const [result] = await runChecks([{ ...shell('leaves', script), timeoutMs: 500 }], {
    directory,
    env,
    signal: never,
  })
  expect(result).toMatchObject({ outcome: 'timeout' })
  for (const pid of readFileSync(pids, 'utf8').trim().split('\n').map(Number))
    await until(() => !isRunning(pid))
})

test('called off, the one that runs is ended and the others are not begun', async () => {
  const directory = temporaryDirectory()
  const ended = new AbortController()
  const checks = [shell('first', 'touch begun; sleep 300'), shell('second', 'touch second')]
  const results = runChecks(checks, { directory, env, signal: ended.signal })
  await until(() => existsSync(join(directory, 'begun')))
  ended.abort()
  expect(await results).toEqual([])
  expect(existsSync(join(directory, 'second'))).toBe(false)
})

test('of a long output the end is kept, from a whole line on', async () => {
  const directory = temporaryDirectory()
  const [long] = await runChecks([shell('long', 'seq 1 20000')], { directory, env, signal: never })
  expect(long!.output.length).toBeLessThan(9000)
  expect(long!.output).toMatch(/^…\n(\d{5}\n)+$/)
  expect(long!.output).toMatch(/\n19999\n20000\n$/)
})

test('files that the person copies and links are there, and nothing outside is written or removed', async () => {
  const [root, above] = [temporaryDirectory(), temporaryDirectory()]
  const directory = join(above, 'one')
  mkdirSync(directory)
  mkdirSync(join(root, 'modules/a'), { recursive: true })
  writeFileSync(join(root, 'modules/a/file'), 'theirs\n')
  writeFileSync(join(root, '.env'), 'A=1\n')
  writeFileSync(join(root, 'there'), 'theirs\n')
  writeFileSync(join(directory, 'there'), 'of the tree\n')
  symlinkSync(root, join(directory, 'out'))
  const copy = ['.env', 'there', '../outside', '/etc/hostname', 'absent', 'out/new/.env', 'out/there']
  await furnish(directory, root, { copy, link: ['modules'] })
  expect(readFileSync(join(directory, '.env'), 'utf8')).toBe('A=1\n')
  expect(readFileSync(join(directory, 'there'), 'utf8')).toBe('of the tree\n')
  expect(readFileSync(join(directory, 'modules/a/file'), 'utf8')).toBe('theirs\n')
  expect(existsSync(join(above, 'outside'))).toBe(false)
  await clearPlaces(above)
  expect(existsSync(directory)).toBe(false)
  expect(readFileSync(join(root, 'modules/a/file'), 'utf8')).toBe('theirs\n')
})

test('directories that a check made read-only are removed, too, and links are not followed', async () => {
  const [above, outside] = [temporaryDirectory(), temporaryDirectory()]
  mkdirSync(join(above, 'one/modules/deep'), { recursive: true })
  writeFileSync(join(above, 'one/modules/deep/file'), 'x')
  writeFileSync(join(outside, 'file'), 'x')
  symlinkSync(outside, join(above, 'one/modules/out'))
  for (const path of ['one/modules/deep', 'one/modules']) chmodSync(join(above, path), 0o500)
  expect(await clearPlaces(above)).toEqual([])
  expect([existsSync(join(above, 'one')), existsSync(join(outside, 'file'))]).toEqual([false, true])
})

function shell(name: string, script: string): Check {
  return { name, kind: 'test', command: ['sh', '-c', script], required: true, timeoutMs: 20_000 }
}
