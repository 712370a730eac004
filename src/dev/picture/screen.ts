import { type Style, plainStyle, styled } from './style.ts'

/** One character with what is combined with it; a wide one takes two columns. */
export interface Cell {
  readonly text: string
  readonly column: number
  readonly columns: 1 | 2
  readonly style: Style
}

// A style, another sequence, a string as of a link, a short sequence, one that is cut off, a character.
const token = new RegExp(
  [
    '\\x1b\\[(?<style>[\\d;:]*)m',
    '\\x1b\\[[0-?]*[ -/]*[@-~]',
    '\\x1b[\\]P_^X][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)?',
    '\\x1b[ -/]*[0-OQ-WYZ\\\\`-~]',
    '\\x1b(?:\\[[0-?]*[ -/]*)?',
    '(?<character>[^])',
  ].join('|'),
  'gu',
)

/** Reads what `tmux capture-pane -e -p -N` prints: a line becomes its cells, and a style goes on over the line's end. */
export function readScreen(text: string): Cell[][] {
  const rows: Cell[][] = [[]]
  let [style, lines, column] = [plainStyle, false, 0]
  for (const { groups } of text.matchAll(token)) {
    const character = groups?.['character']
    if (groups?.['style'] !== undefined) style = styled(style, groups['style'])
    if (character === undefined) continue
    const row = rows.at(-1) ?? []
    if (character === '\n') {
      rows.push([])
      column = 0
    } else if (character === '\u000e' || character === '\u000f') lines = character === '\u000e'
    else if (character === '\t') column += 8 - (column % 8)
    else if (/\p{Cc}/u.test(character)) continue
    else if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) combine(row, character)
    else {
      const columns = wide.test(character) ? 2 : 1
      row.push({ text: lines ? (lineOf[character] ?? character) : character, column, columns, style })
      column += columns
    }
  }
  if (rows.at(-1)?.length === 0) rows.pop()
  return rows
}

/** The text of a line, with blanks where no cell is. */
export function textOf(row: readonly Cell[]): string {
  let [text, column] = ['', 0]
  for (const cell of row) {
    text += ' '.repeat(cell.column - column) + cell.text
    column = cell.column + cell.columns
  }
  return text.trimEnd()
}

function combine(row: Cell[], mark: string): void {
  const last = row.pop()
  if (last !== undefined) row.push({ ...last, text: last.text + mark })
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u

// The terminal's own set of characters for lines, between SO and SI.
const lineOf: Readonly<Record<string, string>> = {
  q: '─',
  x: '│',
  l: '┌',
  k: '┐',
  m: '└',
  j: '┘',
  t: '├',
  u: '┤',
  w: '┬',
  v: '┴',
  n: '┼',
  a: '▒',
  '`': '◆',
  '~': '·',
}
