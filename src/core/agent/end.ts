import type { Exit } from '../event.ts'
import type { AgentState } from '../state.ts'
import { told, type ToldStatus } from './told-status.ts'

/**
 * The status of an agent whose program ended: done with exit status 0, stopped where the person asked for the end, else
 * failed. What the agent said about its end is the reason.
 */
export function exitStatus(agent: AgentState, exit: Exit): ToldStatus {
  const stopped = agent.desired !== 'running'
  if (stopped) return told('stopped', `stopped by you (${exit.message})`, exit.source)
  if (exit.code === 0 && agent.summary !== null) return told('done', `done: ${agent.summary}`, 'agent')
  if (exit.code === 0) return told('done', exit.message, exit.source)
  if (agent.interrupted && isInterrupt(exit))
    return told('stopped', `interrupted by you (${exit.message})`, exit.source)
  // A signal cuts off whatever the program did, so what it reported before explains nothing.
  if (exit.signal === null && agent.trouble !== null) return told('failed', agent.trouble, 'agent')
  const output = exit.output ? `: ${exit.output}` : ''
  return told('failed', `${hangUpReason(exit, agent.paneLost)}${output}`, exit.source)
}

/** Removes the pane. The end of its program may have been noticed first, and then gets its reason now. */
export function withoutPane(agent: AgentState, paneLost: string): AgentState {
  const { exit, status } = agent
  const reason = status === 'failed' && exit?.signal === 'HUP' ? hangUpReason(exit, paneLost) : agent.reason
  return { ...agent, pane: null, paneLost, reason }
}

/** The agent after the end of its program: it runs no more, and nobody wants it to. */
export function withoutProcess(agent: AgentState): AgentState {
  return {
    ...agent,
    desired: agent.desired === 'running' ? 'stopped' : agent.desired,
    process: null,
    stalled: null,
  }
}

/** The agent before a new attempt: its worktree and work stay, and its candidate is captured again when the attempt ends. */
export function withNewAttempt(agent: AgentState, attempt: number): AgentState {
  const capture = agent.capture === null ? null : { ...agent.capture, final: false }
  const fresh = {
    pane: null,
    paneLost: null,
    process: null,
    startedAt: null,
    exit: null,
    interrupted: false,
    captureProblem: null,
    spool: 'two' as const,
    outbox: 0,
    activity: '',
    summary: null,
    question: null,
    trouble: null,
    stalled: null,
  }
  return { ...agent, ...fresh, desired: 'running', attempt, capture }
}

/** A program that was hung up ended because its pane went. */
function hangUpReason(exit: Exit, paneLost: string | null): string {
  return exit.signal === 'HUP' && paneLost !== null ? `${paneLost}: ${exit.message}` : exit.message
}

/** An interrupt ends a program by the signal itself, or with the exit status that shells give to it. */
function isInterrupt(exit: Exit): boolean {
  return exit.signal === 'INT' || exit.code === 130
}
