import type { LandingTarget } from '../adapters/git/landing/landing-plan.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { currentBranch } from '../adapters/git/repository/facts.ts'
import { KageError } from '../core/error.ts'
import { agentId } from '../core/id.ts'
import type { Decision } from '../core/merge/change.ts'
import type { PickParams } from '../core/protocol/params.ts'
import type { RunState } from '../core/state.ts'

/** Where a pick goes, and the name under which decisions for it add up: a worktree's path or a branch's ref. */
export interface PickTarget {
  readonly name: string
  readonly ref: string | null
  readonly checkedOut: boolean
}

/** The target that a pick names: the worktree, the current branch, or another branch. */
export async function targetOf(
  repository: Repository,
  params: Pick<PickParams, 'into' | 'commit'>,
): Promise<PickTarget> {
  if (params.into === null && !params.commit) return { name: repository.root, ref: null, checkedOut: true }
  const branch = await currentBranch(repository)
  const wanted = params.into === null ? branch : params.into.replace(/^refs\/heads\//, '')
  if (wanted === null) {
    throw new KageError(
      'KAGE_TARGET_UNKNOWN',
      'HEAD is detached: there is no current branch to commit on.',
      'Check a branch out, or name one with --into.',
    )
  }
  const ref = `refs/heads/${wanted}`
  return { name: ref, ref, checkedOut: wanted === branch }
}

/** The target in the git adapter's words; a commit gets a message and names the agents whose work is in it. */
export function landingTarget(
  target: PickTarget,
  run: RunState,
  message: string | null,
  added: readonly Decision[],
): LandingTarget {
  if (target.ref === null) return { kind: 'worktree' }
  const sources = [...new Set(added.flatMap((decision) => decision.source))].map((name) =>
    agentId(run.id, name),
  )
  const subject = (run.task.split('\n')[0] ?? '').trim().slice(0, 72)
  return {
    kind: 'branch',
    ref: target.ref,
    checkedOut: target.checkedOut,
    message: message ?? subject,
    sources,
  }
}
