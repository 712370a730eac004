import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { writeAgentSpool } from '../adapters/process/agent-spool.ts'
import { removeLaunch } from '../adapters/process/spool-removal.ts'
import { outputFile, type Spool, writeSpool } from '../adapters/process/spool.ts'
import { listPanes } from '../adapters/tmux/list.ts'
import { closePane, openPane } from '../adapters/tmux/pane.ts'
import { draft } from '../core/draft.ts'
import { KageError } from '../core/error.ts'
import type { EventDraft } from '../core/event.ts'
import { agentId } from '../core/id.ts'
import type { AgentState, RunState } from '../core/state.ts'
import type { Hands } from './hands.ts'
import { bellName } from './servers.ts'
import { taskOf } from './task.ts'

const launcher = fileURLToPath(new URL('../tmux/launch.sh', import.meta.url))
/** The program of the built-in agent lies beside the daemon's. */
const agentProgram = fileURLToPath(new URL('agent.js', import.meta.url))

/** The run and agent that an effect is about. */
export interface OpenSubject {
  readonly run: RunState
  readonly agent: AgentState
}

/** Opens an agent's pane with its launcher in it, which waits at its gate; whatever was opened for it before is closed. */
export async function openPaneOf(hands: Hands, { run, agent }: OpenSubject): Promise<EventDraft[]> {
  const id = agentId(run.id, agent.name)
  const spool = spoolToOpen(hands, { run, agent })
  const socket = run.socket ?? ''
  const gate = `kage-gate-${run.id}-${agent.attempt}-${randomBytes(6).toString('hex')}`
  hands.repositories.forgetPlace(run.id)
  const { control } = await hands.servers.connect(socket)
  await prepareSpool(hands, { run, agent }, control.server.program, gate)
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
function spoolToOpen({ spools }: Hands, { run, agent }: OpenSubject): Spool {
  return spools.of(run.id, { ...agent, spool: 'two' })
}

/** Where a key of the pane finds its repository; tmux carries no line's end. */
function repositoryOption(root: string): Readonly<Record<string, string>> {
  return root.includes('\n') ? {} : { '@kage_repository': root }
}

async function prepareSpool(
  hands: Hands,
  { run, agent }: OpenSubject,
  tmux: string,
  gate: string,
): Promise<void> {
  const id = agentId(run.id, agent.name)
  const spool = spoolToOpen(hands, { run, agent })
  if (agent.spool === 'one') await removeLaunch(hands.spools.of(run.id, agent))
  const environment = hands.environments.listed(run.id, agent.environment)
  if (agent.model !== null) {
    const { model, role } = agent
    requireKey(id, model.keyEnv, environment)
    const previous = hands.spools.previous(run.id, agent)?.agent ?? null
    await writeAgentSpool(spool.agent, { agent: id, base: run.base, role, model, previous })
  }
  await writeSpool(spool, {
    tmux,
    gate,
    agent: id,
    directory: agent.worktree,
    environment: {
      ...environment,
      KAGE_SOCKET: await hands.agentSockets.open(run.id, { name: agent.name, spool: 'two' }),
    },
    argv: agent.kind === 'api' ? [process.execPath, agentProgram] : agent.command,
    task: taskOf(hands.store, run),
  })
}

/** The environment of the client that asked first may be gone with an earlier daemon, and the key with it. */
function requireKey(
  id: string,
  variable: string | null,
  environment: Readonly<Record<string, string>>,
): void {
  if (variable === null || (environment[variable] ?? '') !== '') return
  throw new KageError(
    'KAGE_KEY_MISSING',
    `${id} needs the key in ${variable}, which is not set where you asked from.`,
  )
}
