import { limit } from '../../core/limit.ts'
import type { ByteString } from '../../core/merge/change.ts'
import { decodeUtf8Escaped } from '../../core/merge/utf8.ts'

/** One line of a content as it can be shown: without its line feed, cut where it is very long, nothing in it that acts. */
export function shownLine(bytes: ByteString): string {
  const line = bytes.endsWith('\n') ? bytes.slice(0, -1) : bytes
  const most = limit.shownLineCharacters
  if (line.length <= most) return shownText(decodeUtf8Escaped(line))
  return `${shownText(decodeUtf8Escaped(line.slice(0, most)))}…`
}

/** A text with every character that is not plain shown as what it is: `^M`, `<ff>`, `<U+202E>`; tabs stay. */
export function shownText(text: string): string {
  return /^[ -~\t]*$/.test(text) ? text : Array.from(text, shownCharacter).join('')
}

function shownCharacter(character: string): string {
  const point = character.codePointAt(0) ?? 0
  if (character === '\t') return character
  if (point < 0x20) return `^${String.fromCharCode(point + 0x40)}`
  if (point === 0x7f) return '^?'
  if (point >= 0x80 && point < 0xa0) return `<${hexadecimal(point, 2)}>`
  if (point >= 0xdc80 && point <= 0xdcff) return `<${hexadecimal(point - 0xdc00, 2)}>`
  return acts(point) ? `<U+${hexadecimal(point, 4).toUpperCase()}>` : character
}

/** Line separators, marks that turn the direction of writing, characters that nobody sees, and halves of a pair. */
function acts(point: number): boolean {
  return (
    (point >= 0x2028 && point <= 0x202e) ||
    (point >= 0x2066 && point <= 0x2069) ||
    (point >= 0x200b && point <= 0x200f) ||
    (point >= 0xd800 && point <= 0xdfff) ||
    point === 0x61c ||
    point === 0xfeff
  )
}

function hexadecimal(point: number, digits: number): string {
  return point.toString(16).padStart(digits, '0')
}
