import { limit } from '../../core/limit.ts'
import { linesOf, type ShownLine, spellBlanks } from '../../core/text/alike.ts'
import { printable } from './run.ts'

/** A text for people, each line behind a mark; long lines and long texts are cut, and what was cut is said. */
export function contentLines(
  mark: string,
  text: string,
  isAlike: (line: ShownLine) => boolean = () => false,
): string[] {
  const lines = linesOf(text)
  const shown = lines
    .slice(0, limit.linesShown)
    .map((line) => mark + cutLine(isAlike(line) ? spellBlanks(line) : line.text))
  const left = lines.length - shown.length
  return left === 0 ? shown : [...shown, `${mark}… ${left} more lines; --json --full has all`]
}

/** A line for people: tabs as blanks, a very long one cut. */
export function cutLine(text: string): string {
  const most = limit.shownLineCharacters
  const left = text.length - most
  const tail = left <= 0 ? '' : ` … ${left} more characters; --json --full has all`
  return printable(text.slice(0, most).replaceAll('\t', '    ')) + tail
}
