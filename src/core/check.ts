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

/** The checks that were made of one tree, the last of a repository. */
export interface CheckedTree {
  readonly tree: string
  readonly results: readonly CheckResult[]
}

/** Whether every required check has passed. */
export function isGreen(results: readonly CheckResult[]): boolean {
  return results.every(({ required, outcome }) => !required || outcome === 'passed')
}
