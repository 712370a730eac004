// An agent that ends is started again by its policy, in the words of OTP's supervisors: `permanent` after every end,
// `transient` after a crash, `temporary` never. More than `intensity` restarts within the period are not made.
import { draft } from '../draft.ts'
import type { EventDraft, Exit } from '../event.ts'
import { backOffMs, jitterOf } from '../retry.ts'
import type { AgentState } from '../state.ts'

/** When an agent is started again: after every end, after a crash, or never. */
export type Restart = 'permanent' | 'transient' | 'temporary'

/** What an agent's state keeps of its restarts. */
export interface RestartState {
  readonly restart: Restart
  /** When it was started again by its policy lately; empty after the person started it again. */
  readonly restarts: readonly string[]
  /** How long it waits in the queue after such a restart; 0 otherwise. */
  readonly restartWaitMs: number
}

/** How often and how soon an agent is started again. */
export const restartPolicy = {
  intensity: 3,
  periodMs: 600_000,
  backOffMs: 1000,
  backOffMsMax: 60_000,
} as const

/** The event that follows an agent's end: it is started again, or was so too often; none where its policy asks for none. */
export function restartEvents(run: string, agent: AgentState, exit: Exit, nowMs: number): EventDraft[] {
  if (!isDue(agent, exit)) return []
  const { intensity, periodMs } = restartPolicy
  const recent = agent.restarts.filter((at) => nowMs - Date.parse(at) < periodMs)
  const restart = recent.length + 1
  if (restart > intensity) {
    const message = `Kage started it again ${intensity} times within ${periodMs / 60_000} minutes and gave up`
    return [draft('restart.refused', run, agent.name, { message })]
  }
  const waitMs = Math.round(backOffMs(restartPolicy, restart, jitterOf(agent)))
  const { message } = exit
  return [
    draft('agent.restarting', run, agent.name, { attempt: agent.attempt + 1, restart, waitMs, message }),
  ]
}

/** Milliseconds until a pane may be opened for an agent that was started again; 0 for every other. */
export function restartDelayMs(
  { status, since, restartWaitMs }: Pick<AgentState, 'status' | 'since' | 'restartWaitMs'>,
  nowMs: number,
): number {
  const sinceMs = nowMs - Date.parse(since)
  // After the clock went back, the time since the end is unknown.
  if (status !== 'queued' || restartWaitMs === 0 || sinceMs < 0) return 0
  return Math.max(0, restartWaitMs - sinceMs)
}

function isDue(agent: AgentState, exit: Exit): boolean {
  const asked = agent.desired !== 'running' || agent.interrupted
  if (asked || agent.restart === 'temporary') return false
  return isCrash(agent, exit) || (agent.restart === 'permanent' && exit.code === 0)
}

/**
 * A crash is an end that nobody asked for and the agent did not explain: an agent that tells a code (a refused key, a used-up
 * plan, a rate limit) would only tell it again. A hang-up, an interrupt or TERM is somebody's wish; an end that left no
 * status, as after a reboot, is unknown; a program that did not begin will not begin the next time.
 */
function isCrash({ trouble }: AgentState, { code, signal, message }: Exit): boolean {
  if (message.startsWith('did not begin')) return false
  if (signal !== null) return !wishes.has(signal)
  return code !== null && code !== 0 && !wishCodes.has(code) && trouble === null
}

const wishes: ReadonlySet<string> = new Set(['HUP', 'INT', 'TERM'])
/** The exit statuses that shells give to a program that one of these signals ended. */
const wishCodes: ReadonlySet<number> = new Set([129, 130, 143])
