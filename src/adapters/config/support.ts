import { withoutEffect } from '../../core/config/later.ts'
import type { ConfigTable } from '../../core/config/table.ts'
import { keyLines } from './key-line.ts'
import { shown, type Source } from './problem.ts'

const onlyForChecks = ['copy', 'link', 'setup']

/** One warning for each key that has no effect yet, or only in part, in the order of the file. */
export function notSupported(source: Source, table: ConfigTable): string[] {
  const partly = Object.keys(table.worktree ?? {}).filter((key) => onlyForChecks.includes(key))
  const found = [
    ...withoutEffect(table).map((path) => ({ path, what: 'is not supported yet' })),
    ...partly.map((key) => ({ path: ['worktree', key], what: 'counts only where checks run so far' })),
  ]
  if (found.length === 0) return []
  const lineOf = keyLines(source.text)
  return found
    .map((one) => ({ ...one, line: lineOf(one.path) }))
    .toSorted((a, b) => a.line - b.line)
    .map(({ path, what, line }) => `${source.file}:${line}: ${shown(path)} ${what}.`)
}
