// An effect that fails leaves the event `action.failed`. Its retries follow a policy in the words of OTP's supervisors:
// an intensity (how many attempts in a row) and a back-off that doubles, for example 0.5 s, 1 s, 2 s, … up to a minute.
import type { Action, ActionType } from './action.ts'
import { draft } from './draft.ts'
import type { ErrorCode, Fault } from './error.ts'
import type { EventDraft } from './event.ts'
import { limit } from './limit.ts'
import type { AgentState } from './state.ts'

/** The latest failure of one effect on one agent; `attempt` counts attempts in a row, from 1. */
export interface ActionFailure {
  readonly attempt: number
  readonly code: string
  readonly reason: string
  readonly at: string
}

/** The failures of an agent's effects that have not succeeded since, by type of effect. */
export type ActionFailures = Readonly<Partial<Record<ActionType, ActionFailure>>>

interface BackOff {
  readonly backOffMs: number
  readonly backOffMsMax: number
}

interface RetryPolicy extends BackOff {
  /** Attempts in a row before Kage gives up; null: it never does. */
  readonly intensity: number | null
}

const patient = { intensity: null, backOffMs: 1000, backOffMsMax: 60_000 }
const brief = { intensity: 3, backOffMs: 500, backOffMsMax: 60_000 }

const policies: Readonly<Record<ActionType, RetryPolicy>> = {
  'worktree.add': brief,
  'pane.open': brief,
  'gate.release': patient,
  'process.terminate': patient,
  'candidate.capture': { intensity: 5, backOffMs: 500, backOffMsMax: 60_000 },
  'branch.publish': brief,
  'pane.close': brief,
  'worktree.remove': brief,
}

/** Failures that another attempt cannot mend. */
const permanent: ReadonlySet<ErrorCode> = new Set([
  'KAGE_AGENT_COMMAND',
  'KAGE_BRANCH_PREFIX_TAKEN',
  'KAGE_BRANCH_TAKEN',
  'KAGE_CONFIG',
  'KAGE_GIT_MISSING',
  'KAGE_KEY_MISSING',
  'KAGE_TMUX_MISSING',
  'KAGE_WORKTREE_TAKEN',
])

/** The events that a failed effect adds: the failure and, where Kage gives up, what that means for the agent. */
export function failureEvents(agent: AgentState, action: Action, { code, message }: Fault): EventDraft[] {
  const { type, run } = action
  const attempt = (agent.failures[type]?.attempt ?? 0) + 1
  const failed = draft('action.failed', run, agent.name, { action: type, attempt, code, reason: message })
  if (!isLast(type, attempt, code)) return [failed]
  switch (type) {
    case 'worktree.add':
    case 'pane.open':
      return [failed, draft('agent.failed', run, agent.name, { code, message })]
    case 'candidate.capture':
      return [failed, draft('candidate.failed', run, agent.name, { message })]
    case 'pane.close':
    case 'worktree.remove':
      return agent.desired === 'cleaned'
        ? [failed, draft('worktree.kept', run, agent.name, { message })]
        : [failed]
    case 'branch.publish':
      return [failed, draft('branch.left', run, agent.name, { commit: null, message })]
    case 'gate.release':
    case 'process.terminate':
      return [failed]
  }
}

/** Milliseconds until an effect may be attempted again: 0 now, null not before somebody asks or the daemon restarts. */
export function retryDelayMs(agent: AgentState, type: ActionType, nowMs: number): number | null {
  const failure = agent.failures[type]
  if (failure === undefined) return 0
  if (isLast(type, failure.attempt, failure.code)) return null
  const sinceMs = nowMs - Date.parse(failure.at)
  // After the clock went back, the time since the failure is unknown.
  if (sinceMs < 0) return 0
  return Math.max(0, Math.ceil(backOffMs(policies[type], failure.attempt, jitterOf(agent))) - sinceMs)
}

/** How long one git command of the next capture may take: twice as long after each failure. */
export function captureTimeoutMs({ failures }: Pick<AgentState, 'failures'>): number {
  return limit.gitTimeoutMs * 2 ** Math.min(failures['candidate.capture']?.attempt ?? 0, 4)
}

/** The agent without the failures of an effect that has succeeded since, or of all effects when it starts anew. */
export function withoutFailures(agent: AgentState, type: ActionType | 'all'): AgentState {
  const failures = Object.entries(agent.failures).filter(([key]) => type !== 'all' && key !== type)
  return failures.length === Object.keys(agent.failures).length
    ? agent
    : { ...agent, failures: Object.fromEntries(failures) }
}

/** Failures in words, for the reason of an agent's status; empty without any, or where `agent.failed` has named it. */
export function failureWords({ failures }: Pick<AgentState, 'failures'>): string {
  const words = Object.entries(failures).flatMap(([key, { attempt, reason, code }]) => {
    const type = key as ActionType
    const gaveUp = isLast(type, attempt, code)
    if (gaveUp && (type === 'worktree.add' || type === 'pane.open')) return []
    const times = attempt === 1 ? '' : ` ${attempt} times`
    return [`${verbs[type]} failed${times} (${gaveUp ? 'Kage gave up' : 'Kage tries again'}): ${reason}`]
  })
  return words.join('; ')
}

const verbs: Readonly<Record<ActionType, string>> = {
  'worktree.add': 'making its worktree',
  'pane.open': 'opening its pane',
  'gate.release': 'starting its program',
  'process.terminate': 'ending its process',
  'candidate.capture': 'capturing its work',
  'branch.publish': 'publishing its branch',
  'pane.close': 'closing its pane',
  'worktree.remove': 'removing its worktree',
}

function isLast(type: ActionType, attempt: number, code: string): boolean {
  const { intensity } = policies[type]
  return intensity !== null && (attempt >= intensity || permanent.has(code as ErrorCode))
}

/** The wait before an attempt, from 1: it doubles up to a most, with a jitter between 0 and 1. */
export function backOffMs(policy: BackOff, attempt: number, jitter: number): number {
  const doubled = policy.backOffMs * 2 ** Math.min(attempt - 1, 20)
  return Math.min(doubled, policy.backOffMsMax) * (0.75 + jitter / 2)
}

/** Between 0 and 1, the same for an agent each time, so that agents that failed together do not retry together. */
export function jitterOf({ branch }: Pick<AgentState, 'branch'>): number {
  let hash = 0
  for (const character of branch) hash = (hash * 31 + character.charCodeAt(0)) % 997
  return hash / 997
}
