import type { EventData, Exit, KageEvent } from '../event.ts'
import { reduceFailures } from '../retry.ts'
import { type AgentState, type AgentStatus, ended } from '../state.ts'
import { addReport } from './report.ts'

/** What one event makes of one agent; what comes late, after its end, adds its facts but never brings the agent back. */
export function reduceAgent(before: AgentState, event: KageEvent): AgentState {
  const reported = addReport(before, event)
  const failures = reduceFailures(reported.failures, event)
  const agent = failures === reported.failures ? reported : { ...reported, failures }
  const told = tell(agent, event)
  const late = event.type === 'agent.requeued' || event.type === 'candidate.lost'
  const spoken = told !== null && (!ended(agent) || late)
  return addFacts(spoken ? { ...agent, ...told, since: event.at } : agent, event, ended(agent))
}

type Told = Pick<AgentState, 'status' | 'reason' | 'source'>

/** The status that an event tells, with its reason and source; null when it tells none. */
function tell(agent: AgentState, event: KageEvent): Told | null {
  switch (event.type) {
    case 'worktree.added':
      return told('starting', 'its pane is being opened', 'git')
    case 'pane.opened':
      return told('starting', 'its pane is open, its program is being started', 'tmux')
    case 'agent.started':
      // A report that arrived before the start was noticed is newer than the start.
      return agent.source === 'agent' ? null : told('working', 'its program runs', 'launcher')
    case 'agent.reported':
      // What it said just before it was halted does not let it go on.
      return agent.status === 'paused' ? null : told(event.data.status, event.data.message, 'agent')
    case 'agent.paused':
      return told('paused', `paused by ${event.data.by}`, 'kage')
    case 'agent.resumed':
      return agent.question === null
        ? told('working', `resumed by ${event.data.by}`, 'kage')
        : told('waiting', agent.question, 'agent')
    case 'agent.requeued':
      return told('queued', `started again by ${event.data.by}`, 'kage')
    case 'agent.failed':
      return told('failed', `${event.data.code}: ${event.data.message}`, 'kage')
    case 'candidate.lost':
      return agent.status === 'done' ? told('failed', event.data.message, 'git') : null
    case 'agent.doubted':
      return told('unknown', event.data.message, 'process table')
    case 'agent.exited':
      return tellExit(agent, event.data)
    default:
      return null
  }
}

/** A program's end by its exit status: 0 is done; an end that the person asked for is stopped; anything else failed. What it said of it explains it. */
function tellExit(agent: AgentState, exit: Exit): Told {
  const stopped = agent.desired !== 'running'
  if (stopped) return told('stopped', `stopped by you (${exit.message})`, exit.source)
  if (exit.code === 0 && agent.summary !== null) return told('done', `done: ${agent.summary}`, 'agent')
  if (exit.code === 0) return told('done', exit.message, exit.source)
  if (agent.interrupted && isInterrupt(exit))
    return told('stopped', `interrupted by you (${exit.message})`, exit.source)
  // A signal cuts off whatever it did, so what it told before explains nothing.
  if (exit.signal === null && agent.trouble !== null) return told('failed', agent.trouble, 'agent')
  const output = exit.output ? `: ${exit.output}` : ''
  return told('failed', `${hungUp(exit, agent.paneLost)}${output}`, exit.source)
}

/** A program that was hung up ended because its pane went. */
function hungUp(exit: Exit, paneLost: string | null): string {
  return exit.signal === 'HUP' && paneLost !== null ? `${paneLost}: ${exit.message}` : exit.message
}

/** Ended by the interrupt itself, or with the status that shells give to that. */
function isInterrupt(exit: Exit): boolean {
  return exit.signal === 'INT' || exit.code === 130
}

function told(status: AgentStatus, reason: string, source: string): Told {
  return { status, reason, source }
}

/** The facts of an event beside the status: things that appeared or went, and what is wanted now. */
function addFacts(agent: AgentState, event: KageEvent, over: boolean): AgentState {
  switch (event.type) {
    case 'worktree.added':
      return {
        ...agent,
        worktreeState: 'present',
        gitDir: event.data.gitDir,
        gitKind: event.data.kind ?? 'linked',
      }
    case 'worktree.lost':
      return { ...agent, worktreeState: 'lost' }
    case 'worktree.removed':
      return { ...agent, worktreeState: agent.worktreeState === 'absent' ? 'absent' : 'removed' }
    case 'worktree.kept':
      return agent.desired === 'cleaned' ? { ...agent, desired: 'stopped' } : agent
    case 'pane.opened':
      return { ...agent, pane: paneOf(event.data), paneLost: null, spool: event.data.spool ?? 'one' }
    case 'pane.lost':
      return withoutPane(agent, event.data.message)
    case 'pane.closed':
      return { ...agent, pane: null }
    case 'agent.started':
      return over ? agent : { ...agent, process: event.data.process }
    case 'agent.interrupted':
      return { ...agent, interrupted: true }
    case 'message.heard':
      // Told what to do next, it goes on: its end is not that of the interrupt any more.
      return { ...agent, interrupted: false }
    case 'agent.requeued':
      return begunAnew(agent, event.data.attempt)
    case 'agent.stopping':
      return { ...agent, desired: 'stopped' }
    case 'run.cleaning':
      return { ...agent, desired: 'cleaned' }
    case 'agent.exited':
      return over ? agent : { ...atEnd(agent), exit: event.data }
    case 'agent.failed':
      return atEnd(agent)
    case 'candidate.captured':
      // A last snapshot that was under way when it was started again is not its last any more.
      return { ...agent, capture: { ...event.data, final: event.data.final && over }, captureProblem: null }
    case 'candidate.failed':
    case 'candidate.lost':
      return { ...agent, captureProblem: event.data.message }
    case 'branch.published':
      return { ...agent, ...publication(agent, event.data) }
    case 'branch.left':
      return { ...agent, branchProblem: event.data.message, publishedSince: agent.since }
    default:
      return agent
  }
}

function publication(
  { since }: AgentState,
  { commit, tip, problem }: EventData['branch.published'],
): Pick<AgentState, 'published' | 'branchProblem' | 'publishedSince'> {
  return { published: { commit, tip }, branchProblem: problem ?? null, publishedSince: since }
}

function paneOf({ server, pane, gate }: EventData['pane.opened']): AgentState['pane'] {
  return { server, id: pane, gate }
}

/** The end may have been noticed before what caused it. */
function withoutPane(agent: AgentState, paneLost: string): AgentState {
  const { exit, status } = agent
  const reason = status === 'failed' && exit?.signal === 'HUP' ? hungUp(exit, paneLost) : agent.reason
  return { ...agent, pane: null, paneLost, reason }
}

function atEnd(agent: AgentState): AgentState {
  return { ...agent, desired: agent.desired === 'running' ? 'stopped' : agent.desired, process: null }
}

/** Its worktree and work stay; its candidate is captured again when the new attempt has ended. */
function begunAnew(agent: AgentState, attempt: number): AgentState {
  const capture = agent.capture === null ? null : { ...agent.capture, final: false }
  const fresh = {
    pane: null,
    paneLost: null,
    process: null,
    exit: null,
    interrupted: false,
    captureProblem: null,
    spool: 'two' as const,
    outbox: 0,
    activity: '',
    summary: null,
    question: null,
    trouble: null,
  }
  return { ...agent, ...fresh, desired: 'running', attempt, capture }
}
