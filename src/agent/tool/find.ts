import { closeSync, constants, fstatSync, openSync, readFileSync, readdirSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { limit } from '../../core/limit.ts'
import { isGitName } from './path.ts'

/** What is looked for below a directory, or in one file. */
export interface Wish {
  readonly root: string
  /** A directory or file, by its name in the worktree; '' is the worktree. */
  readonly start: string
  readonly isFile: boolean
  /** Which files, by a glob over their names; null: all. */
  readonly files: string | null
  /** A regular expression for their lines; null: only the names are wanted. */
  readonly pattern: string | null
  readonly ignoreCase: boolean
}

export interface Find {
  readonly name: string
  /** From 1; 0 where only the name was wanted. */
  readonly line: number
  readonly text: string
}

export interface Finds {
  readonly hits: readonly Find[]
  /** Whether there is more than may be shown or looked through. */
  readonly more: boolean
}

/** Looks for names, or for lines, without following links and outside what is git's, installed or ignored as a whole. */
export function find(wish: Wish): Finds {
  const expression = wish.pattern === null ? null : expressionOf(wish.pattern, wish.ignoreCase ? 'i' : '')
  const hits: Find[] = []
  let seen = 0
  for (const name of wish.isFile ? [wish.start] : namesBelow(wish)) {
    if (++seen > limit.searchFiles) return { hits, more: true }
    if (wish.files !== null && !matches(name, wish)) continue
    const found = expression === null ? [{ name, line: 0, text: '' }] : linesOf(wish.root, name, expression)
    for (const hit of found) {
      if (hits.length === limit.searchHits) return { hits, more: true }
      hits.push(hit)
    }
  }
  return { hits, more: false }
}

/** A pattern as models write it: by the strict rules, else by the old ones that let `\-` stand; throws where it is none. */
export function expressionOf(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, `${flags}u`)
  } catch {
    return new RegExp(pattern, flags)
  }
}

/** A glob without a slash is about the file's own name, wherever it lies. */
function matches(name: string, { files, start }: Wish): boolean {
  const glob = files ?? ''
  if (!glob.includes('/')) return matchesGlob(name.slice(name.lastIndexOf('/') + 1), glob)
  const below = start === '' || !name.startsWith(`${start}/`) ? name : name.slice(start.length + 1)
  return matchesGlob(name, glob) || matchesGlob(below, glob)
}

function* namesBelow({ root, start }: Wish): Generator<string> {
  const skipped = ignoredNames(root)
  const open = [start]
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    const below: string[] = []
    for (const entry of entriesOf(join(root, directory))) {
      const name = directory === '' ? entry.name : `${directory}/${entry.name}`
      if (isGitName(entry.name)) continue
      if (entry.isFile()) yield name
      else if (entry.isDirectory() && !skipped.has(entry.name)) below.push(name)
    }
    open.push(...below.toReversed())
  }
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}

/** Directories that the worktree's .gitignore names plainly, like `dist/` or `/target`. */
function ignoredNames(root: string): ReadonlySet<string> {
  const lines = (textOf(join(root, '.gitignore')) ?? '').split('\n').map((line) => line.trim())
  const plain = lines.flatMap((line) => /^\/?([\w.-]+)\/?$/.exec(line)?.[1] ?? [])
  return new Set(['node_modules', ...plain])
}

function linesOf(root: string, name: string, expression: RegExp): Find[] {
  const text = textOf(join(root, name))
  if (text === null) return []
  return text.split('\n').flatMap((line, index) => {
    const plain = line.replace(/\r$/, '')
    return expression.test(plain) ? [{ name, line: index + 1, text: plain.slice(0, foundCharacters) }] : []
  })
}

// Far more than is shown, so that what is shown has no half of a secret at its end.
const foundCharacters = 20_000

/** Null for what is large, binary, no plain file or not to be read. */
function textOf(path: string): string | null {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stats = fstatSync(file)
      if (!stats.isFile() || stats.size > limit.searchFileBytes) return null
      const bytes = readFileSync(file)
      return bytes.subarray(0, 8192).includes(0) ? null : bytes.toString('utf8')
    } finally {
      closeSync(file)
    }
  } catch {
    return null
  }
}
