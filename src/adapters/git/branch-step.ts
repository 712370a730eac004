import { KageError } from '../../core/error.ts'
import type { Oid } from '../../core/merge/change.ts'
import { git } from './git.ts'
import { giveCommit } from './give.ts'
import type { BranchStep, LandingPlan } from './landing-plan.ts'
import type { Repository } from './repository.ts'
import type { StepState } from './work-step.ts'

/** How the branch of a plan stands; neither way too when HEAD has left it though the worktree goes with it. */
export async function branchState({ branch, repository }: LandingPlan): Promise<StepState> {
  if (branch === null) return 'new'
  if (branch.current && (await currentBranch(repository)) !== branch.ref) return 'foreign'
  const tip = await tipOf(repository, branch.ref)
  if (tip === branch.new) return 'new'
  return tip === branch.old ? 'old' : 'foreign'
}

/** Brings the commit of a landing into the person's object store; no ref names it yet. */
export async function giveLanding({ own, repository, branch, commit }: LandingPlan): Promise<void> {
  if (commit !== null && branch?.new === commit) await giveCommit(own, repository, commit)
}

/** Moves the branch from exactly its old commit to the new one, without hooks. */
export async function moveBranch(plan: LandingPlan, branch: BranchStep): Promise<void> {
  const args = ['update-ref', '-m', branch.reason, branch.ref, branch.new, branch.old]
  const { code, stderr } = await git(plan.repository.place, args, { okCodes: [0, 128] })
  if (code === 0 || (await tipOf(plan.repository, branch.ref)) === branch.new) return
  const reason = stderr.trim().split('\n', 1)[0] ?? ''
  throw new KageError('KAGE_TARGET_MOVED', `The branch ${branch.ref} could not be moved: ${reason}`)
}

async function tipOf(repository: Repository, ref: string): Promise<Oid | null> {
  const { code, stdout } = await git(repository.place, ['rev-parse', '--verify', '--quiet', ref], {
    okCodes: [0, 1],
  })
  return code === 0 ? stdout.toString('latin1').trim() : null
}

async function currentBranch(repository: Repository): Promise<string> {
  const { stdout } = await git(repository.place, ['symbolic-ref', '--quiet', 'HEAD'], { okCodes: [0, 1] })
  return stdout.toString('utf8').trim()
}
