// The order of effects: what can be refused comes first (objects, waiting content, the index's lock, the branch), then
// what only has to be put into its place. Each effect may be the last one before a crash.
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { bytesOfPath } from '../../../core/merge/path.ts'
import { isWithin } from '../../../core/merge/path-order.ts'
import { branchState, giveLanding, moveBranch } from './branch-step.ts'
import { changedRefused } from './changed-refused.ts'
import { freshIndex } from './fresh-index.ts'
import { commitIndex, indexState, lockIndex, releaseIndex } from './index-lock.ts'
import { contentOf } from './journal.ts'
import type { Journal } from './journal.ts'
import type { LandingPlan, PathStep } from './landing-plan.ts'
import { withOtherTemporaries } from './temporary-path.ts'
import { diskPath, statAt } from '../worktree/work-file.ts'
import {
  leaveDirectory,
  makeDirectory,
  ownLinks,
  place,
  removeTemporary,
  stepState,
  stepStates,
  writeTemporary,
} from './work-step.ts'

/** Each effect may wait for the disk, so that many in one turn would keep the daemon from answering. */
const effectsPerTurn = 100

/** What to do about a path, branch or index that stands neither as before nor as after. */
export type Foreign = 'refuse' | 'skip'

/** The part of a plan that is still to be done. */
export async function openSteps(journal: Journal, foreign: Foreign): Promise<Journal> {
  const { plan, contents, index } = await freshIndex(journal)
  const branch = await branchState(plan)
  const states = stepStates(plan.repository.root, plan.steps, plan.fileMode)
  if (foreign === 'refuse') {
    const names = plan.steps.filter((_, at) => states[at] === 'foreign').map((step) => step.path)
    if (branch === 'foreign') names.push(plan.branch?.ref ?? '')
    if (index === 'foreign') names.push('the index')
    if (names.length > 0) throw changedRefused(plan, names)
  }
  const steps = plan.steps.filter((_, at) => states[at] === 'old')
  const left = { branch: branch === 'old' ? plan.branch : null, index: index === 'old' ? plan.index : null }
  return { plan: { ...plan, steps, ...left }, contents }
}

/** Does what is to be done, each effect announced by name before; now and then the event loop gets its turn. */
export async function carryOut(
  { plan, contents }: Journal,
  foreign: Foreign,
  announce: (effect: string) => Promise<void>,
): Promise<void> {
  const { root } = plan.repository
  let effects = 0
  const before = async (effect: string): Promise<void> => {
    await announce(effect)
    if (++effects % effectsPerTurn === 0) await setImmediate()
  }
  if (plan.branch !== null) {
    await before('objects')
    await giveLanding(plan)
  }
  for (const step of plan.steps) {
    if (step.new === null) continue
    await before(`write:${step.path}`)
    writeTemporary(root, step, step.new, contentOf(contents, step.new.content))
  }
  if (plan.index !== null) {
    await before('lock')
    lockIndex(plan, contentOf(contents, plan.index.new))
    if (indexState(plan) !== 'old') throw changedRefused(plan, ['the index'])
  }
  if (plan.branch !== null) {
    await before('branch')
    await moveBranch(plan, plan.branch)
  }
  await placeAll(plan, foreign, before)
  if (plan.index !== null) {
    await before('index')
    commitIndex(plan)
  }
  await syncDirectories(root, plan.steps)
  await before('clean')
  cleanUp(plan)
}

/** Removes every temporary file of a plan, and its lock. */
export function cleanUp(plan: LandingPlan): void {
  const { root } = plan.repository
  for (const step of [...plan.steps, ...withOtherTemporaries(plan.steps)]) removeTemporary(root, step)
  releaseIndex(plan)
}

// What goes makes room for directories, and directories for what comes.
async function placeAll(
  plan: LandingPlan,
  foreign: Foreign,
  before: (effect: string) => Promise<void>,
): Promise<void> {
  const { root } = plan.repository
  const [going, coming] = [true, false].map((goes) =>
    plan.steps.filter((step) => (step.new === null) === goes),
  )
  const look = { fileMode: plan.fileMode, isOwnLink: ownLinks(plan.steps) }
  const placeOne = async (step: PathStep): Promise<void> => {
    await before(`place:${step.path}`)
    const state = stepState(root, step, look)
    if (state === 'old') place(root, step)
    if (state === 'foreign' && foreign === 'refuse') throw changedRefused(plan, [step.path])
  }
  for (const step of going ?? []) await placeOne(step)
  for (const directory of plan.left) {
    await before(`leave:${directory.path}`)
    leaveDirectory(root, directory)
  }
  for (const directory of plan.made) {
    const isPlace = going?.some((step) => isWithin(directory.path, step.path)) === true
    if (!isPlace && coming?.some((step) => step.path.startsWith(`${directory.path}/`)) !== true) continue
    await before(`make:${directory.path}`)
    makeDirectory(root, directory)
  }
  for (const step of coming ?? []) await placeOne(step)
}

async function syncDirectories(root: string, steps: readonly PathStep[]): Promise<void> {
  const parents = new Set(steps.map((step) => dirname(`/${bytesOfPath(step.path)}`).slice(1)))
  for (const parent of parents) {
    if (statAt(root, parent)?.isDirectory() !== true) continue
    const directory = await open(diskPath(root, parent), 'r')
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  }
}
