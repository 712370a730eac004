import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isMarked, sameProcess } from '../../../src/adapters/process/identity.ts'
import { membersOf } from '../../../src/adapters/process/members.ts'
import { signalAgent } from '../../../src/adapters/process/signal.ts'
import { procTable } from '../../../src/adapters/process/table-proc.ts'
import { psTable } from '../../../src/adapters/process/table-ps.ts'
import { processTable } from '../../../src/adapters/process/table.ts'
import { terminate } from '../../../src/adapters/process/terminate.ts'
import type { ProcessIdentity } from '../../../src/core/event.ts'
import { launch } from '../../support/launched.ts'
import type { Launched } from '../../support/launched.ts'
import { temporaryDirectory } from '../../support/temporary.ts'
import { privateServer } from '../../support/tmux-server.ts'
import { until } from '../../support/until.ts'

test('TERM ends an agent, and its exit file says so', async () => {
  const { agent, identity } = await begin('echo ready; exec sleep 100')
  expect(await terminate(identity, agent.mark, { graceMs: 5000 })).toEqual({ kind: 'ended', killed: 0 })
  expect(await agent.exit()).toMatchObject({ code: null, signal: 'TERM' })
  expect(sameProcess(identity, agent.mark)).toBe('gone')
  expect(await terminate(identity, agent.mark, { graceMs: 5000 })).toEqual({ kind: 'ended', killed: 0 })
})

test('an agent that ignores TERM is killed after the grace, and its launcher reports it', async () => {
  const { agent, identity } = await begin(`trap '' TERM INT; echo ready; while :; do sleep 1; done`)
  const { kind, killed } = await terminate(identity, agent.mark, { graceMs: 200 })
  expect(kind).toBe('ended')
  expect(killed).toBeGreaterThanOrEqual(1)
  expect(await agent.exit()).toMatchObject({ code: null, signal: 'KILL' })
})

test('what an agent started elsewhere ends with it, also when it leaves it behind', async () => {
  const marks = temporaryDirectory()
  const { agent, identity } = await begin(
    `setsid sh -c 'trap "" TERM; echo $$ >${marks}/pid; while :; do sleep 1; done' & echo ready; exec sleep 100`,
  )
  await until(() => existsSync(join(marks, 'pid')) && readFileSync(join(marks, 'pid'), 'utf8'))
  const stray = Number(readFileSync(join(marks, 'pid'), 'utf8'))
  process.kill(identity.pid, 'SIGKILL')
  await agent.exit()
  await until(() => sameProcess(identity, agent.mark) === 'gone')
  expect(processTable.facts(stray)).not.toBe(null)
  expect((await terminate(identity, agent.mark, { graceMs: 100 })).kind).toBe('ended')
  expect(processTable.facts(stray)?.state ?? 'Z').toBe('Z')
})

test('a paused agent and all its processes stand still until they go on', async () => {
  const { agent, identity } = await begin(
    `setsid sleep 100 & sleep 100 & echo ready; while read -r line; do echo "got $line"; done`,
  )
  await until(() => membersOf(identity, agent.mark).length === 3)
  expect(signalAgent(identity, agent.mark, 'SIGSTOP')).toBe('sent')
  await until(() => states(agent, identity) === 'TTT')
  agent.type('one', 'Enter')
  expect(processTable.facts(identity.pid)?.state).toBe('T')
  expect(signalAgent(identity, agent.mark, 'SIGCONT')).toBe('sent')
  await until(() => agent.screen().includes('got one'))
  expect(states(agent, identity)).not.toContain('T')
})

test('a paused agent can be ended', async () => {
  const { agent, identity } = await begin('echo ready; exec sleep 100')
  signalAgent(identity, agent.mark, 'SIGSTOP')
  expect(await terminate(identity, agent.mark, { graceMs: 5000 })).toEqual({ kind: 'ended', killed: 0 })
  expect(await agent.exit()).toMatchObject({ signal: 'TERM' })
})

test('an interrupt reaches the program and leaves its launcher', async () => {
  const { agent, identity } = await begin(
    `trap 'echo interrupted; exit 4' INT; echo ready; while :; do sleep 0.1; done`,
  )
  expect(signalAgent(identity, agent.mark, 'SIGINT')).toBe('sent')
  expect(await agent.exit()).toMatchObject({ code: 4 })
})

test('a stranger who got the number of an ended agent is not signalled', async () => {
  const stranger = spawn('sleep', ['100'], { stdio: 'ignore' })
  onTestFinished(() => void stranger.kill('SIGKILL'))
  const facts = processTable.facts(stranger.pid ?? 0)
  const mark = { agent: 'r7/coder-1', spool: { launch: '/nowhere', agent: '/nowhere' } }
  const forged = {
    pid: stranger.pid ?? 0,
    startTicks: facts?.startTicks ?? 0,
    bootId: processTable.bootId(),
    launcherPid: 2,
  }
  const other = { ...forged, startTicks: forged.startTicks - 1 }
  const before = { ...forged, bootId: 'an-earlier-boot' }
  expect([forged, other, before].map((identity) => sameProcess(identity, mark))).toEqual([
    'unknown',
    'other',
    'gone',
  ])
  expect([forged, other, before].map((identity) => signalAgent(identity, mark, 'SIGINT'))).toEqual([
    'refused',
    'gone',
    'gone',
  ])
  const ends = await Promise.all(
    [forged, other, before].map((identity) => terminate(identity, mark, { graceMs: 50 })),
  )
  expect(ends.map(({ kind }) => kind)).toEqual(['refused', 'ended', 'ended'])
  expect(processTable.facts(facts?.pid ?? 0)).toMatchObject({ startTicks: facts?.startTicks })
})

test('a process that was given an old number is another one', async ({ skip }) => {
  const { agent, identity } = await begin('echo ready; exec sleep 100')
  await terminate(identity, agent.mark, { graceMs: 5000 })
  const reused = await withNumber(identity.pid)
  if (reused === null) return skip('this system does not let numbers be chosen')
  expect(sameProcess(identity, agent.mark)).toBe('other')
  expect(signalAgent(identity, agent.mark, 'SIGINT')).toBe('gone')
  expect(await terminate(identity, agent.mark, { graceMs: 50 })).toEqual({ kind: 'ended', killed: 0 })
  expect(processTable.facts(identity.pid)).not.toBe(null)
})

test('an agent that wrote over its environment is known by its launcher', async () => {
  const { agent, identity } = await begin(
    `exec perl -e '$| = 1; $0 = "x" x 9000; print "ready\\n"; sleep 100'`,
  )
  expect(isMarked(identity.pid, agent.mark)).toBe(false)
  expect(sameProcess(identity, agent.mark)).toBe('alive')
  expect(sameProcess({ ...identity, launcherPid: process.pid }, agent.mark)).toBe('unknown')
  expect((await terminate(identity, agent.mark, { graceMs: 5000 })).kind).toBe('ended')
  expect(await agent.exit()).toMatchObject({ signal: 'TERM' })
})

test('both ways to look at processes say the same', () => {
  const { pid } = process
  const [proc, ps] = [procTable.facts(pid), psTable.facts(pid)]
  expect({ ...ps, startTicks: 0, state: '' }).toEqual({ ...proc, startTicks: 0, state: '' })
  expect(Math.abs((ps?.startTicks ?? 0) - (Date.now() - process.uptime() * 1000) / 1000)).toBeLessThan(5)
  expect(psTable.pids()).toContain(pid)
  expect(psTable.environment(pid)).toContain(`\0PATH=${process.env['PATH']}\0`)
  expect([procTable.facts(999_999_999), psTable.facts(999_999_999)]).toEqual([null, null])
})

interface Typed extends Launched {
  readonly type: (...keys: string[]) => void
}

/** An agent that has said that it is ready. */
async function begin(script: string): Promise<{ agent: Typed; identity: ProcessIdentity }> {
  const server = privateServer()
  const agent = await launch(server, ['/bin/sh', '-c', script])
  agent.release()
  const identity = await agent.started()
  await until(() => agent.screen().includes('ready'))
  onTestFinished(() => void terminate(identity, agent.mark, { graceMs: 0 }))
  return {
    identity,
    agent: { ...agent, type: (...keys) => void server.tmux('send-keys', '-t', agent.pane, ...keys) },
  }
}

function states(agent: Launched, identity: ProcessIdentity): string {
  return membersOf(identity, agent.mark)
    .map(({ state }) => state)
    .join('')
}

/** Starts a process under the given number, where the system lets it be chosen. */
async function withNumber(pid: number): Promise<number | null> {
  for (let attempt = 0; attempt < 50; attempt++) {
    try {
      writeFileSync('/proc/sys/kernel/ns_last_pid', String(pid - 1))
    } catch {
      return null
    }
    const child = spawn('sleep', ['100'], { stdio: 'ignore' })
    onTestFinished(() => void child.kill('SIGKILL'))
    if (child.pid === pid) return pid
  }
  return null
}
