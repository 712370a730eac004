import { KageError } from '../../../core/error.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { commitMessage } from './commit-message.ts'
import { git } from '../command/git.ts'
import { indexStep } from './index-step.ts'
import type { Journal } from './journal.ts'
import type { LandingRequest, LandingTarget } from './landing-plan.ts'
import { hasFileMode, planOf } from './landing-worktree.ts'
import { objectWriter } from '../object/object-store.ts'
import { namesShown } from './names-shown.ts'
import { pathSteps } from './path-steps.ts'
import { type Person, personCommit } from './person-commit.ts'
import type { Repository } from '../repository/repository.ts'
import { treeChanges } from '../diff/tree-changes.ts'

/** A branch that a landing goes to, as it is now; `current` when HEAD of this worktree stands on it. */
export interface Branch {
  readonly ref: string
  readonly tip: Oid
  readonly tree: Oid
  readonly current: boolean
  readonly message: string
}

/** Finds the branch of a target; refuses one that is unknown, checked out elsewhere, or current with something staged. */
export async function findBranch(
  { repository }: LandingRequest,
  target: LandingTarget & { readonly kind: 'branch' },
): Promise<Branch> {
  const ref = target.ref.startsWith('refs/') ? target.ref : `refs/heads/${target.ref}`
  const found = await readBranch(repository, ref)
  if (found === null)
    throw new KageError('KAGE_TARGET_UNKNOWN', `There is no branch ${JSON.stringify(target.ref)}.`)
  const { current, worktree } = found
  if (!current && target.checkedOut)
    throw new KageError('KAGE_TARGET_MOVED', `${target.ref} is not the current branch any more.`)
  if (!current && worktree !== '') throw checkedOutElsewhere(target.ref, worktree)
  if (current && (await isStaged(repository))) {
    throw new KageError(
      'KAGE_TARGET_STAGED',
      'Something is staged, which the commit would have to leave out.',
    )
  }
  const { tip, tree } = found
  return { ref, tip, tree, current, message: commitMessage(target.message, target.sources) }
}

/** The plan that adds a commit to a branch, in the person's name; where it is the current one, its worktree and index follow. */
export async function planBranch(
  request: LandingRequest,
  branch: Branch,
  { merged, person }: { readonly merged: Oid; readonly person: Promise<Person> },
): Promise<Journal> {
  const { own } = request
  const { ref, tip, current } = branch
  const writer = objectWriter(own)
  const parts = { tree: merged, parent: tip, message: branch.message }
  const commit = writer.add(personCommit(await person, parts))
  await writer.flush()
  const subject = branch.message.split('\n', 1)[0] ?? ''
  const step = { ref, old: tip, new: commit, reason: `kage: ${subject}`, current }
  const [steps, index] = current ? await followingSteps(request, branch, merged) : [nothingToWrite, null]
  if (steps.unlike.length > 0) {
    throw new KageError('KAGE_TARGET_OCCUPIED', `Changed and not committed: ${namesShown(steps.unlike)}.`)
  }
  const contents = new Map([...steps.contents, ...(index?.contents ?? [])])
  return {
    plan: { ...planOf(request, merged, steps), commit, branch: step, index: index?.step ?? null },
    contents,
  }
}

/** What the worktree and the index of the current branch take to follow it. */
async function followingSteps(
  request: LandingRequest,
  branch: Branch,
  merged: Oid,
): Promise<[Awaited<ReturnType<typeof pathSteps>>, Awaited<ReturnType<typeof indexStep>>]> {
  const changes = await treeChanges(request.own, branch.tree, merged)
  return Promise.all([
    pathSteps(request, changes, hasFileMode(request)),
    indexStep(request.own, request.repository, changes),
  ])
}

const nothingToWrite = {
  steps: [],
  made: [],
  left: [],
  unlike: [],
  contents: new Map<string, Buffer>(),
} as const

interface Found {
  readonly tip: Oid
  readonly tree: Oid
  readonly current: boolean
  readonly worktree: string
}

async function readBranch(repository: Repository, ref: string): Promise<Found | null> {
  const format = '--format=%(refname)%00%(objectname)%00%(tree)%00%(HEAD)%00%(symref)%00%(worktreepath)%00'
  if (!ref.startsWith('refs/heads/')) return null
  const { stdout } = await git(repository.place, ['for-each-ref', format, ref])
  const [name, tip = '', tree = '', head, symref, worktree = ''] = stdout.toString('utf8').split('\0')
  if (name !== ref) return null
  if (symref !== undefined && symref !== '')
    throw new KageError(
      'KAGE_TARGET_UNKNOWN',
      `${JSON.stringify(ref)} stands for another branch.`,
      `Name that one: ${symref.replace('refs/heads/', '')}.`,
    )
  return { tip, tree, current: head === '*', worktree }
}

async function isStaged({ place }: Repository): Promise<boolean> {
  const args = [
    'diff-index',
    '--cached',
    '--quiet',
    '--ita-invisible-in-index',
    '--ignore-submodules=none',
    'HEAD',
  ]
  return (await git(place, args, { okCodes: [0, 1, 128] })).code !== 0
}

function checkedOutElsewhere(ref: string, worktree: string): KageError {
  const hint = 'Pick from there (--repo DIR --commit), or land on a branch that no worktree has.'
  return new KageError(
    'KAGE_TARGET_OCCUPIED',
    `The branch ${JSON.stringify(ref)} is checked out in ${worktree}.`,
    hint,
  )
}
