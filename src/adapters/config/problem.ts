import * as v from 'valibot'
import { configSchema, knownKeys } from '../../core/config/schema.ts'
import type { ConfigTable } from '../../core/config/table.ts'
import { KageError } from '../../core/error.ts'
import { nearest } from '../../core/nearest.ts'
import { keyLines } from './key-line.ts'

/** A file that was read: what messages call it, its text, and what it says. */
export interface Source {
  readonly file: string
  readonly text: string
}

/** The tables of a file in the shape that they must have; KAGE_CONFIG names the first place that has not. */
export function checkTable(source: Source, table: unknown): ConfigTable {
  const inherited = pathToInherited(table, [])
  if (inherited !== null) throw unknownKey(source, inherited, table)
  const result = v.safeParse(configSchema, table)
  if (result.success) return result.output
  const issue = result.issues.find(isUnknownKey) ?? result.issues[0]
  const path = issue.path?.map((item) => String(item.key)) ?? []
  if (isUnknownKey(issue)) throw unknownKey(source, path, table)
  throw problemAt(source, path, issue.received === 'undefined' ? 'is missing' : issue.message)
}

/** The refusal for a key: its file, its line and its dotted path. */
export function problemAt(source: Source, path: readonly string[], what: string, hint?: string): KageError {
  return new KageError(
    'KAGE_CONFIG',
    `${source.file}:${keyLines(source.text)(path)}: ${shown(path)} ${what}.`,
    hint,
  )
}

/** A key's path as it could be written. */
export function shown(path: readonly string[]): string {
  const words = path.map((word) => (/^[A-Za-z0-9_-]+$/.test(word) ? word : JSON.stringify(word.slice(0, 80))))
  return words.join('.')
}

/** A key like "constructor", which every object seems to have and a schema therefore takes for known; no table lies deeper. */
function pathToInherited(value: unknown, path: readonly string[]): readonly string[] | null {
  if (typeof value !== 'object' || value === null || path.length > 4) return null
  for (const [key, item] of Object.entries(value)) {
    const found = key in Object.prototype ? [...path, key] : pathToInherited(item, [...path, key])
    if (found !== null) return found
  }
  return null
}

function isUnknownKey(issue: v.BaseIssue<unknown>): boolean {
  return issue.type === 'strict_object' && issue.expected === 'never'
}

function unknownKey(source: Source, path: readonly string[], table: unknown): KageError {
  const parent = path.slice(0, -1)
  const near = nearest(path.at(-1) ?? '', knownKeys(parent, kindAt(table, parent)))
  return problemAt(source, path, `is not a key of the configuration`, `Did you mean "${near}"?`)
}

function kindAt(table: unknown, path: readonly string[]): unknown {
  let value = table
  for (const word of [...path, 'kind']) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, word)
        ? (value as Record<string, unknown>)[word]
        : undefined
  }
  return value
}
