import { spellInvisible } from '../core/text/visible.ts'

/** Text of strangers on one line of a screen: control characters are replaced, invisible ones spelled out. */
export function printable(text: string): string {
  return spellInvisible(text.replaceAll(/\p{Cc}/gu, '�'))
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** How many cells of the screen a text takes. */
export function cells(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length
  let sum = 0
  for (const { segment } of segmenter.segment(text)) sum += cellsOf(segment)
  return sum
}

/** A text of exactly that many cells: cut with an ellipsis, or filled with spaces. */
export function fitted(text: string, width: number): string {
  const cutText = cut(text, width)
  return cutText + ' '.repeat(Math.max(0, width - cells(cutText)))
}

/** A text of that many cells at most. */
export function cut(text: string, width: number): string {
  if (cells(text) <= width) return text
  let taken = ''
  let sum = 0
  for (const { segment } of segmenter.segment(text)) {
    sum += cellsOf(segment)
    if (sum > width - 1) break
    taken += segment
  }
  return width > 0 ? `${taken}…` : ''
}

/** A text in lines of that many cells, parted between words; what has no room in that many lines is cut off. */
export function folded(text: string, width: number, linesMost: number): string[] {
  const lines: string[] = []
  let rest = text.trim()
  while (rest !== '' && lines.length < linesMost - 1 && cells(rest) > width) {
    const end = cut(rest, width + 2).lastIndexOf(' ')
    if (end <= 0) break
    lines.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  return rest === '' ? lines : [...lines, cut(rest, width)]
}

function cellsOf(segment: string): number {
  return wide.test(segment) ? 2 : 1
}
