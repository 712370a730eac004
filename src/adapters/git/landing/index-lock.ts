// Git's own protocol: who has `index.lock` may write the index, by renaming the lock over it. Ours is a second link to
// a file of the landing's name, by which it is known again after a crash.
import {
  linkSync,
  lstatSync,
  renameSync,
  rmSync,
  readFileSync,
  statSync,
  chmodSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { KageError } from '../../../core/error.ts'
import type { LandingPlan } from './landing-plan.ts'
import { hashOf } from '../worktree/work-file.ts'
import type { StepState } from './work-step.ts'

/** How the index stands. */
export function indexState(plan: LandingPlan): StepState {
  if (plan.index === null) return 'new'
  const hash = hashOf(readFileSync(join(plan.repository.gitDir, 'index')))
  if (hash === plan.index.new) return 'new'
  return hash === plan.index.old ? 'old' : 'foreign'
}

/** Takes the lock with the new index in it; refuses while another git has it. */
export function lockIndex(plan: LandingPlan, bytes: Buffer): void {
  const { ours, lock, index } = pathsOf(plan)
  writeFileSync(ours, bytes, { flag: 'wx', flush: true })
  chmodSync(ours, statSync(index).mode & 0o777)
  try {
    linkSync(ours, lock)
  } catch {
    rmSync(ours, { force: true })
    throw new KageError(
      'KAGE_REPOSITORY_BUSY',
      `Another git is at work in ${plan.repository.root} (index.lock).`,
    )
  }
}

/** Puts the locked index into its place. */
export function commitIndex(plan: LandingPlan): void {
  const { ours, lock, index } = pathsOf(plan)
  renameSync(lock, index)
  rmSync(ours, { force: true })
}

/** Gives the lock back if it is ours, after a crash too. */
export function releaseIndex(plan: LockOwner): void {
  const { ours, lock } = pathsOf(plan)
  const mine = lstatSync(ours, { throwIfNoEntry: false })
  const found = lstatSync(lock, { throwIfNoEntry: false })
  if (mine !== undefined && found !== undefined && mine.ino === found.ino && mine.dev === found.dev)
    rmSync(lock)
  if (mine !== undefined) rmSync(ours)
}

/** What names the lock of a plan. */
type LockOwner = Pick<LandingPlan, 'id' | 'repository'>

function pathsOf(plan: LockOwner): { ours: string; lock: string; index: string } {
  const { gitDir } = plan.repository
  return {
    ours: join(gitDir, `kage-${plan.id}-index`),
    lock: join(gitDir, 'index.lock'),
    index: join(gitDir, 'index'),
  }
}
