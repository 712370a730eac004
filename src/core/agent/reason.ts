import { failureWords } from '../retry.ts'
import type { KnownAgent } from '../archive/row.ts'

import { stallWords } from './stalled.ts'

/** Why an agent has its status, followed by what the person may not expect: a lost worktree, effects that fail, work that its capture lacks. */
export function reasonOf(
  agent: Pick<
    KnownAgent,
    | 'stalled'
    | 'status'
    | 'reason'
    | 'worktreeState'
    | 'failures'
    | 'capture'
    | 'captureProblem'
    | 'branchProblem'
  >,
): string {
  // Where its work is lost with the worktree, its reason says so.
  const isTold = agent.reason === agent.captureProblem
  const lost = agent.worktreeState === 'lost' && !isTold ? 'its worktree was removed by someone else' : ''
  const source = agent.capture?.source === 'commits' ? 'its work is taken from its last commit' : ''
  const parts = [
    agent.reason,
    lost,
    source,
    stallWords(agent),
    agent.branchProblem ?? '',
    failureWords(agent),
    ...captureWords(agent),
  ]
  return parts.filter((part) => part !== '').join('; ')
}

function captureWords({ capture, worktreeState }: Pick<KnownAgent, 'capture' | 'worktreeState'>): string[] {
  const outside = [...(capture?.nested ?? []), ...(capture?.leftOut ?? []), ...(capture?.filtered ?? [])]
  const lacking =
    outside.length === 0 || worktreeState !== 'present' ? [] : [`not captured: ${listed(outside)}`]
  return [...lacking, ...(capture?.inMotion === true ? ['captured in motion'] : [])]
}

function listed(paths: readonly string[]): string {
  const more = paths.length - pathsNamed
  return [...paths.slice(0, pathsNamed), ...(more > 0 ? [`${more} more`] : [])].join(', ')
}

const pathsNamed = 3
