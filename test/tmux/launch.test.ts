import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSpool, writeSpool } from '../../src/adapters/process/spool.ts'
import { processTable } from '../../src/adapters/process/table.ts'
import { launch, shells } from '../support/launched.ts'
import { temporaryDirectory } from '../support/temporary.ts'
import { attachTerminal } from '../support/terminal.ts'
import { privateServer } from '../support/tmux-server.ts'
import { until } from '../support/until.ts'

const each = test.for(shells)

each('the gate holds until it is released, under %s', async ([, shell]) => {
  const server = privateServer()
  const agent = await launch(server, ['/bin/sh', '-c', 'echo begun; exec sleep 100'], { shell })
  await until(() => running(`\0wait-for\0kage-gate-r7-0-1\0`, server.socket))
  expect(await readSpool(agent.mark.spool)).toEqual({ started: null, exit: null })
  agent.release()
  const { pid, launcherPid, startTicks, bootId } = await agent.started()
  expect(processTable.facts(pid)).toMatchObject({ parent: launcherPid, startTicks })
  expect(bootId).toBe(processTable.bootId())
  await until(() => agent.screen() === 'begun')
})

each('a gate released before anyone waits is open, under %s', async ([, shell]) => {
  const server = privateServer()
  server.tmux('wait-for', '-S', 'kage-gate-r7-0-1')
  const agent = await launch(server, ['/bin/sh', '-c', 'exit 7'], { shell })
  expect(await agent.exit()).toEqual(exited(7))
  await until(() => server.tmux('display-message', '-p', '-t', agent.pane, '#{pane_dead}') === '1')
  expect(server.tmux('display-message', '-p', '-t', agent.pane, '#{pane_dead_status}')).toMatch(/^7?$/)
  expect(agent.screen()).toMatch(/^── kage: r7\/coder-1 ended: exit 7$/m)
})

each(
  'Ctrl-C and Ctrl-\\ typed in the pane reach the program, not its launcher, under %s',
  async ([, shell]) => {
    const server = privateServer()
    const script = `trap 'echo interrupted' INT; trap 'echo quit; exit 9' QUIT; echo ready; while :; do sleep 1; done`
    const agent = await launch(server, ['/bin/sh', '-c', script], { shell })
    agent.release()
    await until(() => agent.screen() === 'ready')
    server.tmux('send-keys', '-t', agent.pane, 'C-c')
    await until(() => agent.screen().includes('interrupted'))
    server.tmux('send-keys', '-t', agent.pane, 'C-\\')
    expect(await agent.exit()).toEqual(exited(9))
  },
)

each('a program that Ctrl-C ends is reported as ended by that signal, under %s', async ([, shell]) => {
  const server = privateServer()
  const agent = await launch(server, ['/bin/sh', '-c', 'echo ready; exec sleep 100'], { shell })
  agent.release()
  await until(() => agent.screen() === 'ready')
  server.tmux('send-keys', '-t', agent.pane, 'C-c')
  expect(await agent.exit()).toEqual(signalled('INT'))
})

each('the program reads what is typed, under %s', async ([, shell]) => {
  const server = privateServer()
  const agent = await launch(server, ['/bin/sh', '-c', 'read -r line; echo "read $line"; exit 3'], { shell })
  agent.release()
  await agent.started()
  server.tmux('send-keys', '-t', agent.pane, 'a line', 'Enter')
  expect(await agent.exit()).toEqual(exited(3))
  await until(() => agent.screen().includes('read a line'))
})

each('a killed pane hangs the program up and leaves an exit file, under %s', async ([, shell]) => {
  const server = privateServer()
  const agent = await launch(server, ['sleep', '100'], { shell })
  agent.release()
  const { pid } = await agent.started()
  server.tmux('kill-pane', '-t', agent.pane)
  expect(await agent.exit()).toEqual(signalled('HUP'))
  expect(processTable.facts(pid)).toBe(null)
})

each('a killed server hangs the program up and leaves an exit file, under %s', async ([, shell]) => {
  const server = privateServer()
  const marks = temporaryDirectory()
  const script = `trap 'echo hup >${marks}/hup; exit 5' HUP; echo ready; while :; do read -r _ || sleep 0.1; done`
  const agent = await launch(server, ['/bin/sh', '-c', script], { shell })
  agent.release()
  await agent.started()
  await until(() => agent.screen() === 'ready')
  server.tmux('kill-server')
  expect(await agent.exit()).toEqual(exited(5))
  expect(existsSync(join(marks, 'hup'))).toBe(true)
})

each(
  'a program that ignores the hang-up goes on, and its end is written down, under %s',
  async ([, shell]) => {
    const server = privateServer()
    const go = join(temporaryDirectory(), 'go')
    const script = `trap '' HUP; echo ready; until [ -e ${go} ]; do sleep 0.05; done; exit 6`
    const agent = await launch(server, ['/bin/sh', '-c', script], { shell })
    agent.release()
    const { pid } = await agent.started()
    await until(() => agent.screen() === 'ready')
    server.tmux('kill-server')
    await until(() => !running('\0new-session\0', server.socket))
    expect(processTable.facts(pid)).not.toBe(null)
    writeFileSync(go, '')
    expect(await agent.exit()).toEqual(exited(6))
  },
)

each('a pane that is killed at its gate never starts its program, under %s', async ([, shell]) => {
  const server = privateServer()
  const agent = await launch(server, ['/bin/sh', '-c', 'touch begun'], { shell })
  await until(() => running(`\0wait-for\0kage-gate-r7-0-1\0`, server.socket))
  server.tmux('kill-pane', '-t', agent.pane)
  const exit = await agent.exit()
  expect(exit).toMatchObject({ code: 129, message: 'did not begin: its gate never opened' })
  expect(existsSync(join(agent.directory, 'begun'))).toBe(false)
})

each(
  'a pane that is killed at its gate reports nothing once another was opened for it, under %s',
  async ([, shell]) => {
    const server = privateServer()
    const agent = await launch(server, ['/bin/sh', '-c', 'touch begun'], { shell })
    await until(() => running(`\0wait-for\0kage-gate-r7-0-1\0`, server.socket))
    const { directory, mark } = agent
    await writeSpool(mark.spool, {
      agent: mark.agent,
      gate: 'kage-gate-r7-0-1',
      tmux: server.program,
      directory,
      environment: {},
      task: 'a task',
      argv: ['true'],
    })
    server.tmux('kill-pane', '-t', agent.pane)
    await until(() => !running(`\0${mark.spool.launch}\0bare\0`, ''))
    expect(existsSync(join(mark.spool.launch, 'exit'))).toBe(false)
  },
)

each('a server that is killed at the gate never starts the program, under %s', async ([, shell]) => {
  const server = privateServer()
  const agent = await launch(server, ['/bin/sh', '-c', 'touch begun'], { shell })
  await until(() => running('\0wait-for\0kage-gate-r7-0-1\0', server.socket))
  server.tmux('kill-server')
  expect(await agent.exit()).toMatchObject({ code: 129, message: 'did not begin: its gate never opened' })
  expect(existsSync(join(agent.directory, 'begun'))).toBe(false)
})

each('a program that is not there or cannot be started says so, under %s', async ([, shell]) => {
  const server = privateServer()
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'plain'), 'text')
  const cases = [
    [['./absent'], 127, './absent: not found'],
    [['kage-absent-program'], 127, 'kage-absent-program: not found on PATH'],
    [['./plain'], 126, './plain: not executable'],
  ] as const
  for (const [argv, code, complaint] of cases) {
    const agent = await launch(server, argv, { directory, shell })
    agent.release()
    expect(await agent.exit()).toMatchObject({ code, message: `did not begin: ${complaint}` })
    expect((await readSpool(agent.mark.spool)).started).toBe(null)
    await until(() => agent.screen().includes(`── kage: r7/coder-1 did not begin: ${complaint}`))
  }
})

each('a directory that is gone is told, and nothing starts, under %s', async ([, shell]) => {
  const server = privateServer()
  const directory = join(temporaryDirectory(), 'gone')
  const agent = await launch(server, ['touch', 'begun'], { directory, shell })
  agent.release()
  expect((await agent.exit()).message).toBe(`did not begin: its directory ${directory} cannot be entered`)
})

each('a second launcher on the same spool starts nothing and writes nothing, under %s', async ([, shell]) => {
  const server = privateServer()
  const agent = await launch(server, ['/bin/sh', '-c', 'echo >>began; exec sleep 100'], { shell })
  agent.release()
  const started = await agent.started()
  const launcher = processTable.words(started.launcherPid)?.split('\0') ?? []
  const again = server.tmux('new-window', '-d', '-P', '-F', '#{pane_id}', '--', ...launcher.slice(0, 3))
  server.tmux('set-option', '-p', '-t', again, 'remain-on-exit', 'on')
  agent.release()
  await until(() => server.tmux('list-panes', '-a', '-F', '#{pane_dead}').includes('1'))
  expect(server.tmux('capture-pane', '-p', '-t', again)).toContain('was started before')
  expect(await readSpool(agent.mark.spool)).toEqual({ started, exit: null })
  await until(() => existsSync(join(agent.directory, 'began')))
  expect(readFileSync(join(agent.directory, 'began'), 'utf8')).toBe('\n')
})

each(
  'what lies in the place of a report is neither written through nor believed, under %s',
  async ([, shell]) => {
    const server = privateServer()
    const precious = join(temporaryDirectory(), 'precious')
    writeFileSync(precious, 'mine\n')
    const program = join(temporaryDirectory(), 'program')
    const agent = await launch(server, ['/bin/sh', program], { shell })
    const { launch: directory } = agent.mark.spool
    writeFileSync(program, `cd ${directory}; echo no >reason; ln -s ${precious} exit.new; mkdir exit; exit 3`)
    symlinkSync(precious, join(directory, 'started.new'))
    execFileSync('mkfifo', [join(directory, 'started')])
    writeFileSync(join(directory, 'reason'), 'planted\n')
    agent.release()
    await agent.started()
    expect(await agent.exit()).toEqual(exited(3))
    expect(readFileSync(precious, 'utf8')).toBe('mine\n')
  },
)

test('a task of a megabyte arrives, in files that are private', async () => {
  const server = privateServer()
  const task = `first line\n${'€'.repeat(350_000)}\nlast line`
  const agent = await launch(server, ['/bin/sh', '-c', 'cp "$KAGE_TASK_FILE" copy'], { task })
  agent.release()
  expect(await agent.exit()).toEqual(exited(0))
  expect(readFileSync(join(agent.directory, 'copy'), 'utf8')).toBe(task)
  expect(statSync(agent.mark.spool.launch).mode & 0o777).toBe(0o700)
  expect(statSync(agent.mark.spool.agent).mode & 0o777).toBe(0o700)
  expect(statSync(join(agent.mark.spool.agent, 'task')).mode & 0o777).toBe(0o600)
})

each(
  'the environment is private on the disk, and gone from there once the agent begins, under %s',
  async ([, shell]) => {
    const server = privateServer()
    const environment = { PATH: process.env['PATH'] ?? '', MY_KEY: 'planted-key-0123456789' }
    const agent = await launch(server, ['/bin/sh', '-c', 'echo "$MY_KEY" >key; exec sleep 100'], {
      shell,
      environment,
    })
    const file = join(agent.mark.spool.launch, 'launch')
    expect(readFileSync(file, 'utf8')).toContain(environment.MY_KEY)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    agent.release()
    await agent.started()
    await until(() => existsSync(join(agent.directory, 'key')))
    expect(readFileSync(join(agent.directory, 'key'), 'utf8')).toBe(`${environment.MY_KEY}\n`)
    for (const directory of [agent.mark.spool.launch, agent.mark.spool.agent])
      for (const name of readdirSync(directory))
        expect(readFileSync(join(directory, name), 'utf8')).not.toContain(environment.MY_KEY)
  },
)

test('paths, names and words with everything in them pass as they are', async () => {
  const server = privateServer()
  const hostile = `it's #(touch m) #{pid} $(touch m) \`touch m\` "q" ; \\ é 影 =`
  const directory = join(temporaryDirectory(), hostile)
  mkdirSync(directory)
  writeFileSync(join(directory, 'a=b'), '#!/bin/sh\nprintf %s "$1" >said\npwd -P >place\n')
  chmodSync(join(directory, 'a=b'), 0o755)
  const agent = await launch(server, ['./a=b', `${hostile}\n-n`], { directory, agent: 'r7/影-é' })
  agent.release()
  expect(await agent.exit()).toEqual(exited(0))
  expect(readFileSync(join(directory, 'said'), 'utf8')).toBe(`${hostile}\n-n`)
  expect(readFileSync(join(directory, 'place'), 'utf8')).toBe(`${directory}\n`)
  await until(() => agent.screen().includes('── kage: r7/影-é ended: exit 0'))
})

test('a program that leaves the screen raw and its cursor elsewhere leaves a readable last line', async () => {
  const server = privateServer()
  const script = `printf '\\033[?1049h\\033[41mleft over'; stty raw -echo; kill -9 $$`
  const agent = await launch(server, ['/bin/sh', '-c', script])
  agent.release()
  expect(await agent.exit()).toEqual(signalled('KILL'))
  await until(() => /^── kage: r7\/coder-1 ended: signal KILL, exit 137$/m.test(agent.screen()))
})

test('a person who looks at the pane types to the program', async () => {
  const server = privateServer()
  const agent = await launch(server, [
    '/bin/sh',
    '-c',
    'echo "terminal $(tty)"; read -r line; echo "got $line"; exec sleep 100',
  ])
  agent.release()
  server.tmux('select-window', '-t', agent.pane)
  const terminal = attachTerminal(server, 'user')
  await until(() => terminal.screen().includes('terminal /dev/pts/'))
  terminal.type('hello', 'Enter')
  await until(() => terminal.screen().includes('got hello'))
  terminal.type('C-z')
  terminal.type('C-c')
  expect(await agent.exit()).toEqual(signalled('INT'))
})

/** Tells whether a program of that server with these words runs. */
function running(words: string, socket: string): boolean {
  const found = processTable.pids().map((pid) => processTable.words(pid) ?? '')
  return found.some((line) => line.includes(words) && line.includes(socket))
}

function exited(code: number): object {
  return { code, signal: null, source: 'exit file', message: `ended with exit status ${code}` }
}

function signalled(signal: string): object {
  return { code: null, signal, source: 'exit file', message: `ended by signal ${signal}` }
}
