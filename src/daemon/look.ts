import { existsSync } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { sameProcess } from '../adapters/process/identity.ts'
import type { Outboxes } from '../adapters/process/outbox.ts'
import { lastOutput } from '../adapters/process/output-tail.ts'
import { outputFile, readSpool, type Spool } from '../adapters/process/spool.ts'
import { agentsOf } from '../core/agent/kind.ts'
import type { Exit } from '../core/event.ts'
import { agentId } from '../core/id.ts'
import type { Observed, ObservedAgent, ObservedServer } from '../core/observed.ts'
import { type AgentState, ended, type RunState, type State } from '../core/state.ts'
import type { TmuxServers } from './servers.ts'
import type { Spools } from './spool-place.ts'

/**
 * What is there now. Panes are listed before spools are read: a launcher writes its exit file before its pane dies, so a
 * dead pane is never seen without the file it left.
 */
export async function look(
  state: State,
  servers: TmuxServers,
  spools: Spools,
  outboxes: Outboxes,
): Promise<Observed> {
  const agents = Object.values(state.runs)
    .flatMap((run) => agentsOf(run).map((agent) => ({ run, agent })))
    .filter(({ agent }) => !isOver(agent))
  const sockets = new Set(
    agents.flatMap(({ agent }) => (agent.pane === null ? [] : [agent.pane.server.socket])),
  )
  const seen: Record<string, ObservedServer> = {}
  await Promise.all(
    [...sockets].map(async (socket) => {
      // A server that does not answer was not looked at: nothing is concluded from it.
      const server = await servers.observe(socket).catch(() => null)
      if (server !== null) seen[socket] = server
    }),
  )
  const observed = await Promise.all(
    agents.map(
      async ({ run, agent }) =>
        [agentId(run.id, agent.name), await lookAt(run, agent, spools, outboxes)] as const,
    ),
  )
  return { servers: seen, agents: Object.fromEntries(observed) }
}

/** Nothing of an agent that was cleaned is left to look at. */
function isOver(agent: AgentState): boolean {
  return (
    agent.desired === 'cleaned' && agent.pane === null && agent.worktreeState !== 'present' && ended(agent)
  )
}

async function lookAt(
  run: RunState,
  agent: AgentState,
  spools: Spools,
  outboxes: Outboxes,
): Promise<ObservedAgent> {
  const worktree = existsSync(agent.worktree)
  if (ended(agent) || agent.status === 'queued')
    return {
      started: null,
      exit: null,
      process: 'unknown',
      worktree,
      reports: [],
      reportsLeft: false,
      lastSignMs: null,
    }
  const spool = spools.of(run.id, agent)
  const { started, exit } = await readSpool(spool)
  const known = agent.process ?? started
  const mark = { agent: agentId(run.id, agent.name), spool }
  const presence = known === null ? 'unknown' : sameProcess(known, mark)
  // It may have ended between the two looks: its launcher wrote the exit file before it went.
  const last = exit === null && presence !== 'alive' ? (await readSpool(spool)).exit : exit
  const end = last === null ? null : await withOutput(last, spool)
  // Its end was looked for before: all that it had to say is there now.
  const isOver = last !== null || presence === 'gone' || presence === 'other'
  const { reports, more } = outboxes.read(spool.agent, agent.outbox, isOver)
  return {
    started,
    exit: end,
    process: presence,
    worktree,
    reports,
    reportsLeft: more,
    lastSignMs: await lastSignMs(agent, spool),
  }
}

/** When an agent at work printed or reported something last; only its status `working` is about silence. */
async function lastSignMs({ status }: AgentState, spool: Spool): Promise<number | null> {
  if (status !== 'working') return null
  const files = [outputFile(spool), join(spool.agent, 'outbox')]
  const times = await Promise.all(
    files.map((file) =>
      lstat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  )
  return Math.max(...times)
}

/** A program that failed by itself is explained by what it printed last. */
async function withOutput(exit: Exit, spool: Spool): Promise<Exit> {
  if (exit.code === null || exit.code === 0 || exit.message.startsWith('did not begin')) return exit
  const output = await lastOutput(spool)
  return output === '' ? exit : { ...exit, output }
}
