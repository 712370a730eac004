import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { endLeftovers } from '../adapters/process/leftovers.ts'
import { removeLaunch } from '../adapters/process/spool-removal.ts'
import { outputFile, type Spool, writeSpool } from '../adapters/process/spool.ts'
import { listPanes } from '../adapters/tmux/list.ts'
import { closePane, openPane } from '../adapters/tmux/pane.ts'
import { draft } from '../core/draft.ts'
import type { EventDraft } from '../core/event.ts'
import { agentKinds, isRun, type RunAgent } from '../core/agent/kind.ts'
import { agentId } from '../core/id.ts'
import { limit } from '../core/limit.ts'
import type { AgentState, RunState } from '../core/state.ts'
import type { Subject } from './agent-kind/driver.ts'
import { driverOf } from './agent-kind/drivers.ts'
import type { Hands } from './hands.ts'
import { bellName } from './servers.ts'
import { taskOf } from './task.ts'

const launcher = fileURLToPath(new URL('../tmux/launch.sh', import.meta.url))

/** Opens an agent's pane with its launcher in it, which waits at its gate; whatever was opened for it before is closed. */
export async function openPaneOf(hands: Hands, { run, agent }: Subject): Promise<EventDraft[]> {
  if (!isRun(agent)) return []
  const id = agentId(run.id, agent.name)
  const spool = spoolToOpen(hands, { run, agent })
  const socket = run.socket ?? ''
  const gate = `kage-gate-${run.id}-${agent.attempt}-${randomBytes(6).toString('hex')}`
  hands.repositories.forgetPlace(run.id)
  const { control } = await hands.servers.connect(socket)
  await prepareSpool(hands, { run, agent }, control.server.program, gate)
  // What an earlier attempt left running would work in the same worktree.
  if (agent.attempt > 1 && agentKinds[agent.kind].leftovers === 'ended')
    await endLeftovers(hands.spools.marks(run.id, agent), limit.stopGraceMs)
  // Panes of earlier attempts, or of one that a crash kept from being noted: nothing of this attempt runs in them.
  for (const pane of await listPanes(control)) if (pane.agent === id) await closePane(control, pane.pane, id)
  const opened = await openPane(control, {
    agent: id,
    window: run.id,
    cwd: agent.worktree,
    argv: [launcher, spool.launch],
    outputFile: outputFile(spool),
    bell: bellName,
    options: { '@kage_run': run.id, ...repositoryOption(run.repository.root) },
  })
  const { pid, startedAt } = await control.running()
  const server = { socket, pid, startedAt }
  const { attempt } = agent
  return [
    draft('pane.opened', run.id, agent.name, { server, pane: opened.pane, attempt, gate, spool: 'two' }),
  ]
}

/** Also what 0.1.0 began in one directory is opened anew in two. */
function spoolToOpen({ spools }: Hands, { run, agent }: Subject): Spool {
  return spools.of(run.id, { ...agent, spool: 'two' })
}

/** Where a key of the pane finds its repository; tmux carries no line's end. */
function repositoryOption(root: string): Readonly<Record<string, string>> {
  return root.includes('\n') ? {} : { '@kage_repository': root }
}

async function prepareSpool(
  hands: Hands,
  { run, agent }: { readonly run: RunState; readonly agent: RunAgent<AgentState> },
  tmux: string,
  gate: string,
): Promise<void> {
  const id = agentId(run.id, agent.name)
  const spool = spoolToOpen(hands, { run, agent })
  if (agent.spool === 'one') await removeLaunch(hands.spools.of(run.id, agent))
  const environment = hands.environments.listed(run.id, agent.environment)
  const driver = driverOf(agent)
  await driver.prepare(hands, { run, agent }, spool, environment)
  await writeSpool(spool, {
    tmux,
    gate,
    agent: id,
    directory: agent.worktree,
    environment: {
      ...environment,
      KAGE_SOCKET: await hands.agentSockets.open(run.id, { name: agent.name, spool: 'two' }),
    },
    argv: driver.argv(agent),
    task: taskOf(hands.store, run),
  })
}
