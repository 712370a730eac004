import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { array, asyncProperty, constantFrom, dictionary, oneof, string } from 'fast-check'
import { expect, test } from 'vitest'
import { launchFile } from '../../../src/adapters/process/launch-file.ts'
import type { Launch } from '../../../src/adapters/process/launch-file.ts'
import { readSpool, writeSpool } from '../../../src/adapters/process/spool.ts'
import { holdsAsync } from '../../support/async-property.ts'
import { launcherFor, shells } from '../../support/launched.ts'
import { temporaryDirectory } from '../../support/temporary.ts'
import { privateServer } from '../../support/tmux-server.ts'

const names = constantFrom(
  ...(
    'PATH HOME LANG LC_ALL MY_TOKEN A a1 IFS UID PWD OLDPWD SHLVL _ PS4 OPTIND RANDOM SECONDS BASHOPTS ' +
    'POSIXLY_CORRECT ENV spool pid own cut signal kage_spool TMUX KAGE_SOCKET KAGE_LAUNCH CDPATH TMPDIR EDITOR LINENO GROUPS boot reason server'
  ).split(' '),
)
const nasty = constantFrom(
  "'",
  "''",
  '\\',
  '"',
  '$(touch m)',
  '`touch m`',
  '\n',
  '\r',
  '#{x}',
  '\u0001',
  '\u0081',
  '\u0088',
  '\u007f',
  '*',
  '-n',
  '=',
)
const text = oneof(
  string({ unit: 'binary', maxLength: 30 }),
  array(oneof(nasty, string({ maxLength: 4 })), { maxLength: 12 }).map((parts) => parts.join('')),
).map((value) => value.replaceAll('\0', '').toWellFormed())

test.for(shells)('an environment and words of any kind arrive exactly, under %s', async ([, shell]) => {
  const launcher = launcherFor(shell)
  const server = privateServer()
  const input = asyncProperty(
    dictionary(names, text, { maxKeys: 8 }),
    array(text, { maxLength: 4 }),
    async (given, words) => {
      const out = temporaryDirectory()
      const spool = {
        launch: join(temporaryDirectory(), 'spool'),
        agent: join(temporaryDirectory(), 'agent'),
      }
      const argv = [
        '/bin/cp',
        '-t',
        out,
        '/proc/self/environ',
        '/proc/self/cmdline',
        '--',
        ...words.map((word) => `/proc/self/absent/${word}`),
      ]
      await writeSpool(spool, { ...ordinary, directory: out, argv, environment: given })
      server.tmux('wait-for', '-S', ordinary.gate)
      const env = { PATH: process.env['PATH'], TERM: 'screen', TMUX: `${server.socket},1,0`, LEAKED: 'x' }
      spawnSync(launcher, [spool.launch], { env, stdio: 'ignore' })
      const told = {
        KAGE_AGENT: 'r7/coder-1',
        KAGE_RUN: 'r7',
        KAGE_TASK_FILE: join(spool.agent, 'task'),
        TERM: 'screen',
      }
      expect(entries(join(out, 'environ'))).toEqual(
        Object.entries({ ...given, ...told })
          .map(([name, value]) => `${name}=${value}`)
          .toSorted(),
      )
      expect(readFileSync(join(out, 'cmdline'), 'utf8')).toBe(`${argv.join('\0')}\0`)
    },
  )
  await holdsAsync(input, 60)
})

test.for([
  ['', 'ended with exit status 7'],
  ['kage_format=2\n', 'did not begin: its launch file has version 2, this launcher knows 1'],
] as const)('of a launch file with the line "%s" it is told: %s', async ([line, message]) => {
  const server = privateServer()
  const spool = { launch: join(temporaryDirectory(), 'spool'), agent: join(temporaryDirectory(), 'agent') }
  await writeSpool(spool, { ...ordinary, argv: ['/bin/sh', '-c', 'exit 7'] })
  const file = join(spool.launch, 'launch')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^kage_format=1\n/m, line))
  server.tmux('wait-for', '-S', ordinary.gate)
  const env = { PATH: process.env['PATH'], TERM: 'screen', TMUX: `${server.socket},1,0` }
  spawnSync(launcherFor(), [spool.launch], { env, stdio: 'ignore' })
  expect((await readSpool(spool)).exit?.message).toBe(message)
})

test('a name that is no variable, NUL, and an empty command are refused', () => {
  const cases: readonly (readonly [Partial<Launch>, string])[] = [
    [{ environment: { 'A=B; touch x': '' } }, 'KAGE_CONFIG'],
    [{ environment: { 'BASH_FUNC_x%%': '' } }, 'KAGE_CONFIG'],
    [{ environment: { A: 'a\0b' } }, 'KAGE_CONFIG'],
    [{ argv: [] }, 'KAGE_AGENT_COMMAND'],
    [{ argv: [''] }, 'KAGE_AGENT_COMMAND'],
    [{ argv: ['a', '\0'] }, 'KAGE_AGENT_COMMAND'],
  ]
  for (const [wish, code] of cases) {
    expect(() => launchFile({ ...ordinary, ...wish }, '/spool/task')).toThrow(
      expect.objectContaining({ code }),
    )
  }
})

const ordinary: Launch = {
  agent: 'r7/coder-1',
  gate: 'kage-gate-r7-0-1',
  tmux: '/usr/bin/tmux',
  directory: '/',
  argv: ['true'],
  environment: {},
  task: 'a task',
}

function entries(path: string): string[] {
  return readFileSync(path, 'utf8').split('\0').slice(0, -1).toSorted()
}
