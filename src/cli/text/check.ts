import { checkLine, type CheckResult } from '../../core/check.ts'
import { printable } from './run.ts'

/** How checks ended, for people: one line each, and what those said that did not pass. */
export function checkLines(results: readonly CheckResult[]): string[] {
  return results.flatMap((result) => {
    const head = checkLine(result, printable(result.name))
    if (result.outcome === 'passed') return [head]
    const lines = result.output.replace(/\n$/, '').split('\n').slice(-shownLines)
    return [head, ...lines.map((line) => `    ${printable(line.replaceAll('\t', '    '))}`)]
  })
}

const shownLines = 40
