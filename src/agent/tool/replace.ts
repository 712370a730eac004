import { ToolFailure } from './tool.ts'

/** A text that stands exactly once in a file, and what comes in its place. */
export interface Edit {
  readonly old: string
  readonly new: string
}

/**
 * A file's text after all edits, each made on the result of the one before, or none: what is not found exactly once throws.
 * A byte order mark stays; in a file whose lines all end in CRLF the edits may be written with either line end.
 */
export function replaced(name: string, text: string, edits: readonly Edit[]): string {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : ''
  const body = text.slice(mark.length)
  if (!isAllCrlf(body)) return mark + edited(name, body, edits)
  const plain = edits.map((edit) => ({ old: lineFeeds(edit.old), new: lineFeeds(edit.new) }))
  return mark + edited(name, lineFeeds(body), plain).replaceAll('\n', '\r\n')
}

function edited(name: string, text: string, edits: readonly Edit[]): string {
  return edits.reduce((now, edit, index) => {
    const which = edits.length === 1 ? '' : `edit ${index + 1}: `
    if (edit.old === '') throw new ToolFailure(`${which}\`old\` is empty; nothing was changed.`)
    const at = now.indexOf(edit.old)
    if (at < 0) throw new ToolFailure(which + missed(name, now, edit.old))
    const again = now.indexOf(edit.old, at + 1)
    if (again >= 0) throw new ToolFailure(which + ambiguous(name, now, edit.old))
    return now.slice(0, at) + edit.new + now.slice(at + edit.old.length)
  }, text)
}

function isAllCrlf(text: string): boolean {
  return text.includes('\n') && !/(?<!\r)\n/.test(text)
}

function lineFeeds(text: string): string {
  return text.replaceAll('\r\n', '\n')
}

function ambiguous(name: string, text: string, old: string): string {
  const numbers: number[] = []
  for (let at = text.indexOf(old); at >= 0 && numbers.length < 10; at = text.indexOf(old, at + 1))
    numbers.push(text.slice(0, at).split('\n').length)
  return `\`old\` stands more than once in ${name}, at lines ${numbers.join(', ')}; take in more of the lines around it. Nothing was changed.`
}

function missed(name: string, text: string, old: string): string {
  const lines = text.split('\n')
  const wanted = old.split('\n').find((line) => line.trim() !== '') ?? ''
  const near = nearestLine(lines, wanted)
  const from = Math.max(0, near - 3)
  const shown = lines.slice(from, near + 6).map((line, index) => `${from + index + 1}\t${line.slice(0, 400)}`)
  return `\`old\` does not stand in ${name} exactly like this; nothing was changed. The nearest lines:\n${shown.join('\n')}`
}

/** The line that has most pairs of letters in common with the one that was looked for, which is never far if only blanks differ. */
function nearestLine(lines: readonly string[], wanted: string): number {
  const same = lines.findIndex((line) => line.trim() === wanted.trim())
  if (same >= 0) return same
  const pairs = pairsOf(wanted)
  let best = 0
  let bestLikeness = -1
  for (const [index, line] of lines.slice(0, comparedLines).entries()) {
    const own = pairsOf(line)
    const common = [...own].filter((pair) => pairs.has(pair)).length
    const likeness = (2 * common) / (own.size + pairs.size || 1)
    if (likeness > bestLikeness) [best, bestLikeness] = [index, likeness]
  }
  return best
}

const comparedLines = 20_000

function pairsOf(line: string): ReadonlySet<string> {
  const text = line.replace(/\s+/g, '').slice(0, 400)
  return new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)))
}
