import { limit } from '../../core/limit.ts'
import type { ByteString } from '../../core/merge/change.ts'
import { decodeUtf8Escaped } from '../../core/merge/utf8.ts'
import { looksAlike, type ShownLine, spellBlanks } from '../../core/text/alike.ts'
import { spellInvisible } from '../../core/text/visible.ts'

/** One line of a content as it can be shown: without its line feed, cut where it is very long, nothing in it that acts. */
export function shownLine(bytes: ByteString): string {
  const line = bytes.endsWith('\n') ? bytes.slice(0, -1) : bytes
  const most = limit.shownLineCharacters
  if (line.length <= most) return shownText(decodeUtf8Escaped(line))
  return `${shownText(decodeUtf8Escaped(line.slice(0, most)))}…`
}

/** Whether two contents of a line differ and are shown alike. */
export function bytesAlike(one: ByteString, other: ByteString): boolean {
  return looksAlike(lineOf(one), lineOf(other))
}

/** A line as `shownLine` has it, with the blanks spelled out that tell it from one that looks alike. */
export function shownBlanks(bytes: ByteString): string {
  const { text, ended } = lineOf(bytes)
  return shownText(spellBlanks({ text: text.slice(0, limit.shownLineCharacters), ended }))
}

function lineOf(bytes: ByteString): ShownLine {
  const ended = bytes.endsWith('\n')
  return { text: decodeUtf8Escaped(ended ? bytes.slice(0, -1) : bytes), ended }
}

/** A text with every character that is not plain shown as what it is: `^M`, `<ff>`, `⟨U+202E⟩`; tabs stay. */
export function shownText(text: string): string {
  if (/^[ -~\t]*$/.test(text)) return text
  const bytes = Array.from(text, shownCharacter).join('')
  return spellInvisible(bytes)
}

function shownCharacter(character: string): string {
  const point = character.codePointAt(0) ?? 0
  if (character === '\t') return character
  if (point < 0x20) return `^${String.fromCharCode(point + 0x40)}`
  if (point === 0x7f) return '^?'
  if (point >= 0x80 && point < 0xa0) return `<${hexadecimal(point, 2)}>`
  if (point >= 0xdc80 && point <= 0xdcff) return `<${hexadecimal(point - 0xdc00, 2)}>`
  return character
}

function hexadecimal(point: number, digits: number): string {
  return point.toString(16).padStart(digits, '0')
}
