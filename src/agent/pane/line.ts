import { limit } from '../../core/limit.ts'
import type { Key } from './key.ts'

/** What the person has typed and not yet sent; the cursor stands before that letter. */
export interface Line {
  readonly before: string
  readonly after: string
}

export const emptyLine: Line = { before: '', after: '' }

/** The line after a key; keys that are about something else leave it as it is. */
export function typed(line: Line, key: Key): Line {
  const { before, after } = line
  switch (key.kind) {
    case 'text':
      return { before: (before + key.text).slice(0, limit.typedCharacters), after }
    case 'backspace':
      return { before: before.slice(0, before.length - lastLetter(before).length), after }
    case 'delete':
      return { before, after: after.slice(firstLetter(after).length) }
    case 'left': {
      const letter = lastLetter(before)
      return { before: before.slice(0, before.length - letter.length), after: letter + after }
    }
    case 'right': {
      const letter = firstLetter(after)
      return { before: before + letter, after: after.slice(letter.length) }
    }
    case 'home':
      return { before: '', after: before + after }
    case 'end':
      return { before: before + after, after: '' }
    case 'clear':
      return { before: '', after }
    case 'word':
      return { before: before.replace(/\S*\s*$/, ''), after }
    default:
      return line
  }
}

/** What of the line fits into so many cells, around its cursor; newlines are shown as a sign. */
export function shownLine(
  line: Line,
  cells: number,
): { readonly text: string; readonly cursorCells: number } {
  // Only as far as it can be seen: a line can be as long as a message.
  const before = lettersOf(line.before.slice(-nearCharacters))
  const after = lettersOf(line.after.slice(0, nearCharacters))
  const left: string[] = []
  let used = 0
  for (let at = before.length - 1; at >= 0; at--) {
    const letter = before[at] ?? ''
    if (used + cellsOf(letter) > cells - 1) break
    used += cellsOf(letter)
    left.unshift(letter)
  }
  const cursorCells = used
  const right: string[] = []
  for (const letter of after) {
    if (used + cellsOf(letter) > cells - 1) break
    used += cellsOf(letter)
    right.push(letter)
  }
  return { text: [...left, ...right].join(''), cursorCells }
}

function lettersOf(text: string): string[] {
  return Array.from(text.replaceAll('\n', '⏎').replaceAll('\t', ' '))
}

function lastLetter(text: string): string {
  return Array.from(text.slice(-2)).at(-1) ?? ''
}

function firstLetter(text: string): string {
  return Array.from(text.slice(0, 2))[0] ?? ''
}

/** East Asian letters and pictures take two cells, combining marks none. */
function cellsOf(letter: string): number {
  if (/\p{Mark}/u.test(letter)) return 0
  const point = letter.codePointAt(0) ?? 0
  const isWide =
    (point >= 0x1100 && point <= 0x115f) ||
    (point >= 0x2e80 && point <= 0xa4cf) ||
    (point >= 0xac00 && point <= 0xd7a3) ||
    (point >= 0xf900 && point <= 0xfaff) ||
    (point >= 0xfe30 && point <= 0xfe6f) ||
    (point >= 0xff00 && point <= 0xff60) ||
    point >= 0x1f300
  return isWide ? 2 : 1
}

const nearCharacters = 2000
