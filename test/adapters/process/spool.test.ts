import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asyncProperty, oneof, string, stringMatching } from 'fast-check'
import { expect, test } from 'vitest'
import { readSpool } from '../../../src/adapters/process/spool.ts'
import { watchSpools } from '../../../src/adapters/process/spool-watch.ts'
import { holdsAsync } from '../../support/async-property.ts'
import { temporaryDirectory } from '../../support/temporary.ts'
import { until } from '../../support/until.ts'

const started = 'pid=41\nstart=90071\nlauncher=40\ngroup=39\nboot=0f0e-11\n'
const identity = { pid: 41, startTicks: 90071, bootId: '0f0e-11', launcherPid: 40 }

test('whole reports are read, whatever else lies there', async () => {
  expect(await read({})).toEqual({ started: null, exit: null })
  expect(await read({ started, 'exit.new': 'status=0\n' })).toEqual({ started: identity, exit: null })
  expect((await read({ started, exit: 'status=0\nsignal=\nat=9\nreason=\n' })).exit).toEqual(
    ended(0, null, 'ended with exit status 0'),
  )
  expect((await read({ exit: 'status=137\nsignal=KILL\nat=9\nreason=\n' })).exit).toEqual(
    ended(null, 'KILL', 'ended by signal KILL'),
  )
  const reason = 'status=127\nsignal=\nat=9\nreason=./x:\u001b[1m not found\n'
  expect((await read({ exit: reason })).exit).toEqual(ended(127, null, 'did not begin: ./x:[1m not found'))
})

test('half-written, hostile and oversized reports are none', async () => {
  const none = { started: null, exit: null }
  for (const cut of [1, 10, started.length - 1])
    expect(await read({ started: started.slice(0, cut) })).toEqual(none)
  expect(await read({ started: started.replace('41', '-1') })).toEqual(none)
  expect(await read({ started: started.replace('41', '1') })).toEqual(none)
  expect(await read({ started: started.replace('0f0e-11', '../x y') })).toEqual(none)
  expect(await read({ started: started.replace('90071', 'soon') })).toEqual(none)
  expect(await read({ exit: 'status=256\n' })).toEqual(none)
  expect(await read({ exit: `status=0\n${'x'.repeat(5000)}\n` })).toEqual(none)
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'exit'))
  symlinkSync('/proc/self/environ', join(directory, 'started'))
  expect(await readSpool({ launch: directory, agent: directory })).toEqual(none)
  rmSync(join(directory, 'started'))
  execFileSync('mkfifo', [join(directory, 'started')])
  expect(await readSpool({ launch: directory, agent: directory })).toEqual(none)
})

test('no content of a report makes reading fail', async () => {
  const line = stringMatching(/^(pid|start|launcher|boot|status|signal|reason|at)=[^\n]{0,12}\n$/)
  await holdsAsync(
    asyncProperty(oneof(string({ unit: 'binary' }), line), oneof(string(), line), async (a, b) => {
      const report = await read({ started: a + b, exit: b + a })
      expect(report.started === null || report.started.pid > 1).toBe(true)
    }),
    60,
  )
})

test('a watch tells of reports in directories that are there and in those that come', async () => {
  const root = join(temporaryDirectory(), 'spool')
  mkdirSync(join(root, 'r1-0.1'), { recursive: true })
  const told: string[] = []
  const watch = watchSpools([root], (name) => told.push(name))
  expect(told).toEqual(['r1-0.1'])
  report(join(root, 'r1-0.1'), 'exit')
  await until(() => told.length >= 2)
  mkdirSync(join(root, 'r2-0.1'))
  await until(() => told.includes('r2-0.1'))
  writeFileSync(join(root, 'r2-0.1', 'task'), '')
  const before = told.length
  report(join(root, 'r2-0.1'), 'started')
  await until(() => told.length > before)
  expect(told.slice(before)).toEqual(['r2-0.1'])
  rmSync(join(root, 'r1-0.1'), { recursive: true })
  mkdirSync(join(root, 'r1-0.1'))
  report(join(root, 'r1-0.1'), 'started')
  await until(() => told.filter((name) => name === 'r1-0.1').length >= 3)
  watch.close()
  report(join(root, 'r2-0.1'), 'exit')
})

function report(directory: string, name: string): void {
  writeFileSync(join(directory, `${name}.new`), '')
  renameSync(join(directory, `${name}.new`), join(directory, name))
}

function read(files: Readonly<Record<string, string>>): ReturnType<typeof readSpool> {
  const directory = temporaryDirectory()
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content)
  return readSpool({ launch: directory, agent: directory })
}

function ended(code: number | null, signal: string | null, message: string): object {
  return { code, signal, source: 'exit file', message }
}
