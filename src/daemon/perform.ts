import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { AgentMark } from '../adapters/process/identity.ts'
import { endLeftovers } from '../adapters/process/leftovers.ts'
import { terminate } from '../adapters/process/terminate.ts'
import { removeSpool } from '../adapters/process/spool-removal.ts'
import { readSpool, type Spool, type SpoolReport } from '../adapters/process/spool.ts'
import { closePane, releaseGate } from '../adapters/tmux/pane.ts'
import type { Action } from '../core/action.ts'
import { draft } from '../core/draft.ts'
import { KageError } from '../core/error.ts'
import type { EventDraft } from '../core/event.ts'
import { agentKinds } from '../core/agent/kind.ts'
import { agentId } from '../core/id.ts'
import { limit } from '../core/limit.ts'
import { agentOf } from '../core/state.ts'
import { parkRefs } from './agent-refs.ts'
import { importTip, publish, type WorkOfAgent } from './agent-branch.ts'
import { keepBase } from './bases.ts'
import { captureEvents, captureIfThere, captureNow, noteCapture } from './candidates.ts'
import type { Hands } from './hands.ts'
import type { Subject } from './agent-kind/driver.ts'
import { openPaneOf } from './open-pane.ts'
import { parkOutsideWork } from './park.ts'
import { worktreeLost } from '../core/observe.ts'
import { recover } from './recovery.ts'
import { siblingNotice } from './sibling.ts'
import { addIts, removeTrees } from './worktrees.ts'

/** Performs one effect and answers with the facts it made; each can be repeated after a crash without harm. */
export async function perform(hands: Hands, action: Action): Promise<readonly EventDraft[]> {
  const run = hands.kernel.state.runs[action.run]
  const agent = agentOf(hands.kernel.state, action.run, action.agent)
  if (run === undefined || agent === null) return []
  const subject = { run, agent }
  switch (action.type) {
    case 'worktree.add':
      return hands.checkouts.run(() => addIts(hands, subject))
    case 'pane.open':
      return openPaneOf(hands, subject)
    case 'gate.release':
      return releaseIts(hands, subject)
    case 'process.terminate':
      return terminateIts(hands, subject)
    case 'candidate.capture':
      return captureIts(hands, subject)
    case 'branch.publish':
      return publishIts(hands, subject)
    case 'pane.close':
      return closeIts(hands, subject)
    case 'worktree.remove':
      return removeIts(hands, subject)
  }
}

async function releaseIts(hands: Hands, { agent }: Subject): Promise<EventDraft[]> {
  if (agent.pane === null) return []
  const { control } = await hands.servers.connect(agent.pane.server.socket)
  await releaseGate(control, agent.pane.gate)
  return []
}

async function terminateIts(hands: Hands, { run, agent }: Subject): Promise<EventDraft[]> {
  const mark = markOf(hands, { run, agent })
  const closed: EventDraft[] = []
  let program = agent.process ?? (await readSpool(mark.spool)).started
  if (program === null && agent.pane !== null) {
    closed.push(...(await closeIts(hands, { run, agent })))
    // Its gate may have opened just before: then its launcher still says so, or that nothing began.
    program = (await lastWord(mark.spool)).started
  }
  if (program !== null) {
    const { kind } = await terminate(program, mark, { graceMs: limit.stopGraceMs })
    if (kind === 'ended') return closed
    const why =
      kind === 'refused' ? 'it cannot be told whether that still is its process' : 'even KILL did not end it'
    throw new KageError('KAGE_AGENT_STATE', `Process ${program.pid} goes on: ${why}.`)
  }
  const exit = {
    code: null,
    signal: null,
    source: 'process table',
    message: 'before its program began',
  } as const
  return [...closed, draft('agent.exited', run.id, agent.name, exit)]
}

function markOf(hands: Hands, { run, agent }: Subject): AgentMark {
  return { agent: agentId(run.id, agent.name), spool: hands.spools.of(run.id, agent) }
}

/** What a launcher has written down once it has said something, or after the time in which it would have. */
async function lastWord(spool: Spool): Promise<SpoolReport> {
  const deadline = Date.now() + limit.lastWordMs
  for (;;) {
    const report = await readSpool(spool)
    if (report.started !== null || report.exit !== null || Date.now() > deadline) return report
    await pause(20)
  }
}

async function captureIts(hands: Hands, { run, agent }: Subject): Promise<EventDraft[]> {
  if (agentKinds[agent.kind].leftovers === 'ended')
    await endLeftovers(hands.spools.marks(run.id, agent), limit.stopGraceMs)
  const work = await workOf(hands, { run, agent })
  await keepBase(work.own, work.repository, run)
  if (agent.worktreeState === 'lost') return recover(work)
  if (!existsSync(agent.worktree)) return [worktreeLost(run.id, agent.name), ...(await recover(work))]
  const imported = await importTip(work)
  const capture = await captureNow(work.own, run, agent)
  if (capture === null) return []
  const published = agent.gitKind === 'own' ? await publish(work, imported, capture.tree) : []
  const notice = await siblingNotice(hands, work.own, run, agent.name, capture)
  const told = notice === null ? [] : [draft('notice.raised', run.id, null, { notices: [notice] })]
  return [...told, draft('candidate.captured', run.id, agent.name, capture), ...published]
}

/** Shows the work of an agent on its branch while it waits for the person. */
async function publishIts(hands: Hands, { run, agent }: Subject): Promise<EventDraft[]> {
  const work = await workOf(hands, { run, agent })
  await keepBase(work.own, work.repository, run)
  const imported = await importTip(work)
  const capture = await captureNow(work.own, run, agent)
  if (capture === null) return []
  const published = await publish(work, imported, capture.tree)
  const notice = await siblingNotice(hands, work.own, run, agent.name, capture)
  return [...captureEvents(hands.kernel, run, agent.name, capture, notice), ...published]
}

async function workOf(hands: Hands, { run, agent }: Subject): Promise<WorkOfAgent> {
  const repository = await hands.repositories.ofRecord(run.repository)
  return { own: await hands.repositories.own(repository), repository, run, agent }
}

async function closeIts(hands: Hands, { run, agent }: Subject): Promise<EventDraft[]> {
  const { pane } = agent
  if (pane === null) return []
  const server = await hands.servers.identity(pane.server.socket)
  const same = server?.pid === pane.server.pid && server.startedAt === pane.server.startedAt
  if (same)
    await closePane(
      (await hands.servers.connect(pane.server.socket)).control,
      pane.id,
      agentId(run.id, agent.name),
    )
  return [draft('pane.closed', run.id, agent.name, {})]
}

async function removeIts(hands: Hands, { run, agent }: Subject): Promise<EventDraft[]> {
  // Nothing that the agent left running may go on in a worktree that is gone, or write to it after its last capture.
  await endLeftovers(hands.spools.marks(run.id, agent), limit.stopGraceMs)
  const repository = await hands.repositories.ofRecord(run.repository)
  // Parked once more: what was written since it was decided to remove it goes nowhere else.
  const own = await hands.repositories.own(repository)
  const capture = await captureIfThere(own, run, agent)
  await noteCapture(hands, own, run, agent.name, capture)
  if (capture !== null)
    await hands.kernel.append(await parkOutsideWork(hands.parkedRoot, own, { run, agent }, capture))
  await hands.kernel.append(await parkRefs(hands.parkedRoot, { own, repository, run, agent }))
  await removeTrees(hands, { run, agent })
  for (const spool of hands.spools.all(run.id, agent)) await removeSpool(spool)
  return [draft('worktree.removed', run.id, agent.name, {})]
}
