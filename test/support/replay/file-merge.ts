// git merges trees by one way to pair the lines of a text (histogram), and two changes that touch are a conflict. Its own
// `merge-file` and `diff` pair them otherwise: where the changes lie apart in either, the text that comes of it is right, too.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isReplaced, linesOf } from './direct.ts'
import type { Stretch } from './direct.ts'
import { plainEnvironment, type Stages } from './plain-merge.ts'

/** Whether a text (latin1) is what `git merge-file` makes of a conflict, or both sides' hunks in the base, where they lie apart. */
export function isMergedByFile(gitDir: string, [base, ours, theirs]: Stages, text: string): boolean {
  if (!base || !ours || !theirs) return false
  const git = (...args: string[]): string => gitSays([`--git-dir=${gitDir}`, ...args])
  const texts = [ours, base, theirs].map((oid) => git('cat-file', 'blob', oid))
  if (fileMerge(texts) === text) return true
  const [left = [], right = []] = [ours, theirs].map((oid) => stretchesOf(git, base, oid))
  const fresh = right.filter((stretch) => !left.some((other) => isSame(stretch, other)))
  const touching = fresh.some((stretch) => left.some((other) => isTouching(stretch, other)))
  return !touching && isReplaced(texts[1] ?? '', [...left, ...fresh], text)
}

function fileMerge(texts: readonly string[]): string | null {
  const directory = mkdtempSync(join(tmpdir(), 'kage-merge-'))
  try {
    const names = texts.map((_, at) => join(directory, String(at)))
    for (const [at, text] of texts.entries()) writeFileSync(names[at] ?? '', text, 'latin1')
    return gitSays(['merge-file', '--stdout', '--quiet', ...names])
  } catch {
    return null
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** The hunks between two texts as git shows them to a person. */
function stretchesOf(git: (...args: string[]) => string, from: string, to: string): Stretch[] {
  const lines = linesOf(git('cat-file', 'blob', to))
  const heads = git('diff', '-U0', '--text', from, to).matchAll(
    /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm,
  )
  return [...heads].map(([, first, gone = '1', at, count = '1']) => {
    const start = Number(first) - (gone === '0' ? 0 : 1)
    const place = Number(at) - (count === '0' ? 0 : 1)
    return { start, end: start + Number(gone), lines: lines.slice(place, place + Number(count)) }
  })
}

function isSame(left: Stretch, right: Stretch): boolean {
  return left.start === right.start && left.end === right.end && left.lines.join('') === right.lines.join('')
}

function isTouching(left: Stretch, right: Stretch): boolean {
  return left.start <= right.end && right.start <= left.end
}

function gitSays(args: readonly string[]): string {
  const options = { env: plainEnvironment(), maxBuffer: 1 << 28, stdio: 'pipe' } as const
  return execFileSync('git', args, options).toString('latin1')
}
