import type { CheckResult } from '../../core/check.ts'
import { printable } from './run.ts'

/** How checks ended, for people: one line each, and what those said that did not pass. */
export function checkLines(results: readonly CheckResult[]): string[] {
  return results.flatMap((result) => {
    const { name, outcome, ms, output } = result
    const head = `${outcome === 'passed' ? '✓' : '✗'} ${name}  ${endOf(result)}  ${(ms / 1000).toFixed(1)} s`
    if (outcome === 'passed') return [head]
    const lines = output.replace(/\n$/, '').split('\n').slice(-shownLines)
    return [head, ...lines.map((line) => `    ${printable(line.replaceAll('\t', '    '))}`)]
  })
}

const shownLines = 40

function endOf({ outcome, exitCode, required }: CheckResult): string {
  const end = {
    passed: 'passed',
    failed: exitCode === null ? 'ended by a signal' : `exit code ${exitCode}`,
    timeout: 'took too long',
    error: 'could not be started',
  }[outcome]
  return required ? end : `${end} (not required)`
}
