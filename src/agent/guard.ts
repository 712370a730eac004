import type { AgentLimits } from '../core/agent/model.ts'
import { limit } from '../core/limit.ts'

/** What an agent has used of its allowance, and what it called of late. */
export interface Guard {
  readonly allowance: AgentLimits
  readonly turns: number
  readonly tokens: number
  readonly usd: number
  /** Whether it was told that its allowance runs low. */
  readonly warned: boolean
  readonly calls: readonly string[]
  readonly failuresInRow: number
}

/** Go on; tell the model something and go on; or wait for the person. */
export type Word = { readonly kind: 'go' } | { readonly kind: 'tell' | 'halt'; readonly text: string }

/** A whole allowance, nothing used of it. */
export function freshGuard(allowance: AgentLimits): Guard {
  return { allowance, turns: 0, tokens: 0, usd: 0, warned: false, calls: [], failuresInRow: 0 }
}

/** One more answer; an unknown price counts nothing. */
export function addTurn(guard: Guard, tokens: number, usd: number | null): Guard {
  return { ...guard, turns: guard.turns + 1, tokens: guard.tokens + tokens, usd: guard.usd + (usd ?? 0) }
}

/** What the allowance says before the next question: from four fifths on the model is told once to come to an end. */
export function allowanceWord(guard: Guard): Word {
  const { turns, tokens, usd } = guard.allowance
  const used = [
    { part: guard.turns / turns, text: `turn limit of ${turns} reached` },
    { part: guard.tokens / tokens, text: `token limit of ${tokens} reached` },
    ...(usd === null ? [] : [{ part: guard.usd / usd, text: `limit of $${usd} reached` }]),
  ]
  const spent = used.find(({ part }) => part >= 1)
  if (spent !== undefined)
    return { kind: 'halt', text: `${spent.text}: say \`go on\`, or what to do instead` }
  if (guard.warned || !used.some(({ part }) => part >= warnedFrom)) return { kind: 'go' }
  return { kind: 'tell', text: wrapUp }
}

/** What it goes on with after the person spoke: a whole allowance where it was spent, and what led nowhere forgotten. */
export function renewedGuard(guard: Guard): Guard {
  if (allowanceWord(guard).kind === 'halt') return freshGuard(guard.allowance)
  return { ...guard, calls: [], failuresInRow: 0 }
}

/** Remembers a call by what it asks; a failure in a row counts until one succeeds. */
export function addCall(guard: Guard, call: string, ok: boolean): Guard {
  const calls = [...guard.calls, call].slice(-periodMax * repeatsHalting)
  return { ...guard, calls, failuresInRow: ok ? 0 : guard.failuresInRow + 1 }
}

/** What the last calls say: the same one, or the same two or three in turn, again and again lead nowhere. */
export function callsWord(guard: Guard): Word {
  if (guard.failuresInRow >= limit.toolFailuresInRow)
    return { kind: 'halt', text: `${guard.failuresInRow} calls in a row failed: say what to do instead` }
  const periods = Array.from({ length: periodMax }, (_, index) => index + 1)
  if (periods.some((period) => repeats(guard.calls, period) >= repeatsHalting))
    return { kind: 'halt', text: 'it repeats the same calls: say what to do instead' }
  if (periods.some((period) => repeats(guard.calls, period) === repeatsWarning))
    return { kind: 'tell', text: repeating }
  return { kind: 'go' }
}

/** How many times the last `period` calls stand at the end one behind the other; 0 when the end is in between. */
function repeats(calls: readonly string[], period: number): number {
  let same = 0
  for (let at = calls.length - 1 - period; at >= 0 && calls[at] === calls[at + period]; at--) same += 1
  return same % period === 0 ? same / period + 1 : 0
}

const warnedFrom = 0.8
const periodMax = 3
const repeatsWarning = 3
const repeatsHalting = 5
const wrapUp =
  'Your allowance for this task is nearly used up. Wrap up now: bring what you have into a working state and call finish.'
const repeating =
  'You have made the same calls three times with the same input. Repeating them will not help: try something else, or ask.'
