import { limit } from './limit.ts'
import type { State } from './state.ts'

/** A check of the project's own: a command that passes with exit code 0. */
export interface Check {
  readonly name: string
  readonly kind: CheckKind
  readonly command: readonly string[]
  readonly required: boolean
  readonly timeoutMs: number
}

export type CheckKind = 'test' | 'lint' | 'type' | 'build' | 'bench'

/** How a check ended; `output` is the end of what it wrote. */
export interface CheckResult {
  readonly name: string
  readonly kind: CheckKind
  readonly required: boolean
  readonly outcome: 'passed' | 'failed' | 'timeout' | 'error'
  /** Null where it did not end by itself. */
  readonly exitCode: number | null
  readonly ms: number
  readonly output: string
}

/** The checks of one tree: how they ended, and by their names those that are still to end, of which the first runs. */
export interface CheckedTree {
  readonly tree: string
  readonly results: readonly CheckResult[]
  readonly left?: readonly string[]
}

/** The last trees of a repository after one more is known of; of one whose checks were called off nothing is. */
export function withCheckedTree(before: readonly CheckedTree[], checked: CheckedTree): CheckedTree[] {
  const others = before.filter(({ tree }) => tree !== checked.tree)
  const isNothing = checked.results.length === 0 && !isUnderWay(checked)
  return isNothing ? others : [...others, checked].slice(-limit.checkedKept)
}

/** What is known of the checks of a tree in the repository of a run, or null. */
export function checkedTree({ runs, checked }: State, run: string, tree: string): CheckedTree | null {
  return checked[runs[run]?.repository.key ?? '']?.find((each) => each.tree === tree) ?? null
}

/** Whether some checks of a tree are still to end. */
export function isUnderWay({ left = [] }: CheckedTree): boolean {
  return left.length > 0
}

/** Whether every required check has passed. */
export function isGreen(results: readonly CheckResult[]): boolean {
  return results.every(({ required, outcome }) => !required || outcome === 'passed')
}

/** How a check ended, as one line: `✓ test  passed  1.2 s`; the name comes as it is shown where it is read. */
export function checkLine({ outcome, exitCode, required, ms }: CheckResult, name: string): string {
  const end = {
    passed: 'passed',
    failed: exitCode === null ? 'ended by a signal' : `exit code ${exitCode}`,
    timeout: 'took too long',
    error: 'could not be started',
  }[outcome]
  const sign = outcome === 'passed' ? '✓' : '✗'
  const line = `${sign} ${name}  ${end}  ${(ms / 1000).toFixed(1)} s`
  return required ? line : `${line}  not required`
}
