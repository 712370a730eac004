import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { KageError } from '../../core/error.ts'
import type { TreePath } from '../../core/merge/change.ts'
import { bytesOfPath } from '../../core/merge/path.ts'
import { branchState, giveLanding, moveBranch } from './branch-step.ts'
import { freshIndex } from './fresh-index.ts'
import { commitIndex, lockIndex, releaseIndex } from './index-lock.ts'
import { readJournal } from './journal.ts'
import type { Contents, Journal } from './journal.ts'
import type { LandingPlan, PathStep } from './landing-plan.ts'
import { reversed } from './reversed.ts'
import { diskPath, statAt } from './work-file.ts'
import {
  leaveDirectory,
  makeDirectory,
  place,
  removeTemporary,
  stepState,
  writeTemporary,
} from './work-step.ts'

export interface PerformOptions {
  /** Called with its name before each effect; what it throws undoes those before. */
  readonly fault?: (effect: string) => void | Promise<void>
}

/** Carries a plan out, all or nothing: on any refusal or failure on the way everything is as before. Doing it again changes nothing. */
export async function performLanding(plan: LandingPlan, options: PerformOptions = {}): Promise<void> {
  const { contents } = await readJournal(plan.own, plan.journal)
  try {
    await carryOut({ plan, contents }, { ...options, foreign: 'refuse' })
  } catch (error) {
    await carryBack(plan, contents)
    throw expected(plan, error)
  }
}

/** Brings what a plan has changed back to how it was, and leaves alone what is neither. */
export async function carryBack(plan: LandingPlan, contents: Contents): Promise<void> {
  cleanUp(plan)
  await carryOut(
    {
      plan: reversed(
        plan,
        plan.id,
        plan.steps.map((step) => `${step.temporary}-back`),
      ),
      contents,
    },
    { foreign: 'skip' },
  )
}

/** Removes every temporary file of a plan, and its lock. */
export function cleanUp(plan: LandingPlan): void {
  const { root } = plan.repository
  for (const step of plan.steps) {
    removeTemporary(root, step)
    removeTemporary(root, { ...step, temporary: `${step.temporary}-back` })
  }
  releaseIndex(plan)
}

interface Manner extends PerformOptions {
  /** What to do about a path, branch or index that stands neither as before nor as after. */
  readonly foreign: 'refuse' | 'skip'
}

async function carryOut(asked: Journal, manner: Manner): Promise<void> {
  cleanUp(asked.plan)
  const { plan, contents, index } = await freshIndex(asked)
  const { root } = plan.repository
  const before = async (effect: string): Promise<void> => manner.fault?.(effect)
  const states = plan.steps.map((step) => stepState(root, step, plan.fileMode))
  const branch = await branchState(plan)
  if (manner.foreign === 'refuse')
    requireKnown(
      plan,
      plan.steps.filter((_, at) => states[at] === 'foreign'),
      [branch, index],
    )
  const open = plan.steps.filter((_, at) => states[at] === 'old')
  if (branch === 'old') {
    await before('objects')
    await giveLanding(plan)
  }
  for (const step of open.filter(({ new: side }) => side !== null)) {
    await before(`write:${step.path}`)
    writeTemporary(root, step, step.new!, contents.get(step.new!.content)!)
  }
  if (index === 'old') {
    await before('lock')
    lockIndex(plan, contents.get(plan.index!.new)!)
  }
  if (branch === 'old') {
    await before('branch')
    await moveBranch(plan, plan.branch!)
  }
  await placeAll(plan, open, { ...manner, fault: before })
  if (index === 'old') {
    await before('index')
    commitIndex(plan)
  }
  await syncDirectories(root, open)
  await before('clean')
  cleanUp(plan)
}

// What goes makes room for directories, and directories for what comes.
async function placeAll(
  plan: LandingPlan,
  open: readonly PathStep[],
  manner: Required<Manner>,
): Promise<void> {
  const { root } = plan.repository
  for (const step of open.filter((each) => each.new === null)) await placeOne(plan, step, manner)
  for (const directory of plan.left) {
    await manner.fault(`leave:${directory.path}`)
    leaveDirectory(root, directory)
  }
  const needed = open.some((each) => each.new !== null)
  for (const directory of needed ? plan.made : []) {
    await manner.fault(`make:${directory.path}`)
    makeDirectory(root, directory)
  }
  for (const step of open.filter((each) => each.new !== null)) await placeOne(plan, step, manner)
}

async function placeOne(plan: LandingPlan, step: PathStep, manner: Required<Manner>): Promise<void> {
  const { root } = plan.repository
  await manner.fault(`place:${step.path}`)
  const state = stepState(root, step, plan.fileMode)
  if (state === 'old') place(root, step)
  if (state === 'foreign' && manner.foreign === 'refuse') requireKnown(plan, [step], [])
}

function requireKnown(plan: LandingPlan, foreign: readonly PathStep[], others: readonly string[]): void {
  const names = foreign.map((step) => step.path)
  if (others[0] === 'foreign') names.push(plan.branch?.ref ?? '')
  if (others[1] === 'foreign') names.push('the index')
  if (names.length > 0) throw changed(plan, names)
}

/** The refusal for what was changed since a plan was made. */
function changed(plan: LandingPlan, names: readonly TreePath[]): KageError {
  const shown = names
    .slice(0, 10)
    .map((name) => JSON.stringify(name))
    .join(', ')
  const code = plan.kind === 'undo' ? 'KAGE_UNDO_CHANGED' : 'KAGE_TARGET_MOVED'
  return new KageError(
    code,
    `Changed since: ${shown}${names.length > 10 ? ` and ${names.length - 10} more` : ''}.`,
  )
}

function expected(plan: LandingPlan, error: unknown): unknown {
  if (error instanceof KageError || !(error instanceof Error) || !('syscall' in error)) return error
  if (
    'code' in error &&
    ['EEXIST', 'EISDIR', 'ENOTDIR', 'ENOTEMPTY', 'ENOENT'].includes(String(error.code))
  ) {
    return changed(plan, [error.message])
  }
  return new KageError('KAGE_TARGET_UNWRITABLE', `The worktree could not be written: ${error.message}.`)
}

async function syncDirectories(root: string, steps: readonly PathStep[]): Promise<void> {
  const parents = new Set(steps.map((step) => dirname(`/${bytesOfPath(step.path)}`).slice(1)))
  for (const parent of parents) {
    if (statAt(root, parent)?.isDirectory() !== true) continue
    const directory = await open(diskPath(root, parent), 'r')
    await directory.sync().finally(() => directory.close())
  }
}
