import { KageError } from '../../../core/error.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import { giveCommit } from '../repository/give.ts'
import type { BranchStep, LandingPlan } from './landing-plan.ts'
import type { Repository } from '../repository/repository.ts'
import type { StepState } from './work-step.ts'

/** How the branch of a plan stands; neither way too when HEAD has left it though the worktree goes with it. */
export async function branchState({ branch, repository }: LandingPlan): Promise<StepState> {
  if (branch === null) return 'new'
  const { tip, current } = await read(repository, branch.ref)
  if (branch.current && !current) return 'foreign'
  if (tip === branch.new) return 'new'
  return tip === branch.old ? 'old' : 'foreign'
}

/** Refuses to move a branch below a worktree that has checked it out since and would not go with it. */
export async function requireNowhereCheckedOut({ branch, repository }: LandingPlan): Promise<void> {
  if (branch === null || branch.current) return
  const { worktree } = await read(repository, branch.ref)
  if (worktree === '') return
  throw new KageError(
    'KAGE_TARGET_OCCUPIED',
    `The branch ${JSON.stringify(branch.ref)} is checked out in ${worktree}.`,
    'Switch that worktree to another branch first.',
  )
}

/** Refuses to take a commit back below a worktree whose HEAD has left the branch since, though the branch stands as it was. */
export async function requireStillCurrent({ branch, repository }: LandingPlan): Promise<void> {
  if (branch === null || !branch.current) return
  const { tip, current, worktree } = await read(repository, branch.ref)
  if (current || tip !== branch.new) return
  const name = branch.ref.replace('refs/heads/', '')
  const elsewhere = worktree === '' ? '' : ` first switch ${worktree} to another branch, then`
  throw new KageError(
    'KAGE_TARGET_MOVED',
    `It was committed to ${JSON.stringify(name)}, which HEAD has left: ${await headWords(repository)}.`,
    `Nothing was undone:${elsewhere} \`git checkout ${name}\`, and undo again.`,
  )
}

async function headWords({ place }: Repository): Promise<string> {
  const { code, stdout } = await git(place, ['symbolic-ref', '--quiet', 'HEAD'], { okCodes: [0, 1] })
  if (code === 0)
    return `it is on ${JSON.stringify(stdout.toString('utf8').trim().replace('refs/heads/', ''))}`
  const head = await git(place, ['rev-parse', '--short', 'HEAD'])
  return `it is detached at ${head.stdout.toString('utf8').trim()}`
}

/** Whether someone has built on the commit of a landing since it was put on its branch. */
export async function isBuiltOn({ kind, branch, repository }: LandingPlan): Promise<boolean> {
  return kind === 'landing' && branch !== null && holdsCommit(repository, branch.ref, branch.new)
}

/** Tells whether a branch holds a commit; false, too, where either is unknown. */
export async function holdsCommit({ place }: Repository, ref: string, commit: Oid): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', commit, ref]
  return (await git(place, args, { okCodes: [0, 1, 128] })).code === 0
}

/** Brings the commit of a landing into the person's object store; no ref names it yet. */
export async function giveLanding({ own, repository, branch, commit }: LandingPlan): Promise<void> {
  if (commit !== null && branch?.new === commit) await giveCommit(own, repository, commit)
}

/** Moves the branch from exactly its old commit to the new one, without hooks. */
export async function moveBranch(plan: LandingPlan, branch: BranchStep): Promise<void> {
  const args = ['update-ref', '-m', branch.reason, branch.ref, branch.new, branch.old]
  const { code, stderr } = await git(plan.repository.place, args, { okCodes: [0, 128] })
  if (code === 0 || (await read(plan.repository, branch.ref)).tip === branch.new) return
  const reason = stderr.trim().split('\n', 1)[0] ?? ''
  throw new KageError('KAGE_TARGET_MOVED', `The branch ${branch.ref} could not be moved: ${reason}`)
}

interface Standing {
  readonly tip: Oid | null
  readonly current: boolean
  /** The worktree that has it checked out, if one has. */
  readonly worktree: string
}

async function read(repository: Repository, ref: string): Promise<Standing> {
  const format = '--format=%(refname)%00%(objectname)%00%(HEAD)%00%(worktreepath)%00'
  const { stdout } = await git(repository.place, ['for-each-ref', format, ref])
  const [name, tip = '', head, worktree = ''] = stdout.toString('utf8').split('\0')
  return name === ref ? { tip, current: head === '*', worktree } : { tip: null, current: false, worktree: '' }
}
