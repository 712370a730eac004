import { copyFileSync, existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { signalAgent } from '../../src/adapters/process/signal.ts'
import { terminate } from '../../src/adapters/process/terminate.ts'
import { type AgentWish, agentPlace } from '../support/agent-program.ts'
import { type Launched, launch } from '../support/launched.ts'
import { privateServer } from '../support/tmux-server.ts'
import { until } from '../support/until.ts'

const program = resolve(import.meta.dirname, '../../dist/agent.js')
const finish = { calls: [{ tool: 'finish', input: { summary: 'all is done' } }] }
const work = { calls: [{ tool: 'run', input: { command: 'touch begun; exec sleep 1000' } }] }

test('behind its launcher the agent is interrupted, hears what is typed, and finishes', async () => {
  const agent = await launchedAgent({ script: [work, { ...finish, expect: 'go on' }] })
  const identity = await agent.started()
  await until(() => existsSync(join(agent.directory, 'begun')))
  expect(signalAgent(identity, agent.mark, 'SIGINT')).toBe('sent')
  await until(() => agent.screen().includes('waiting: interrupted'))
  agent.tmux('send-keys', '-t', agent.pane, 'go on', 'Enter')
  expect(await agent.exit()).toMatchObject({ code: 0 })
  expect(agent.screen()).toContain('finished: all is done')
})

test('behind its launcher the agent is paused and let go on, and nothing of it is left when it is ended', async () => {
  const agent = await launchedAgent({ script: [work] })
  const identity = await agent.started()
  await until(() => existsSync(join(agent.directory, 'begun')))
  expect(signalAgent(identity, agent.mark, 'SIGSTOP')).toBe('sent')
  expect(signalAgent(identity, agent.mark, 'SIGCONT')).toBe('sent')
  expect(await terminate(identity, agent.mark, { graceMs: 5000 })).toEqual({ kind: 'ended', killed: 0 })
  expect(await agent.exit()).toMatchObject({ signal: 'TERM' })
})

async function launchedAgent(wish: AgentWish): Promise<Launched & { tmux: (...words: string[]) => string }> {
  const place = await agentPlace(wish)
  const server = privateServer()
  const { KAGE_AGENT, KAGE_RUN, KAGE_TASK_FILE, ...environment } = place.environment
  expect([KAGE_AGENT, KAGE_RUN, KAGE_TASK_FILE]).not.toContain(undefined)
  const agent = await launch(server, [process.execPath, program], {
    agent: 'r1/coder-1',
    directory: place.worktree,
    environment,
  })
  copyFileSync(join(place.spool, 'agent.json'), join(agent.mark.spool.agent, 'agent.json'))
  agent.release()
  return { ...agent, tmux: server.tmux }
}
