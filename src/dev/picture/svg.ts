import { theme } from './colour.ts'
import { type Box, drawn, short } from './line.ts'
import type { Cell } from './screen.ts'
import type { Style } from './style.ts'

const cell = { width: 8.4, height: 18, baseline: 13.4, font: 14 } as const
const margin = 12
const fonts = "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace"

/** Draws a screen as one picture without fonts or scripts of its own: every text is put on a fixed grid of cells. */
export function svgOf(
  rows: readonly (readonly Cell[])[],
  size: { columns: number; rows: number },
  title: string,
): string {
  const width = short(size.columns * cell.width + 2 * margin)
  const height = short(size.rows * cell.height + 2 * margin)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${theme.background}"/>`,
    `<g transform="translate(${margin} ${margin})" font-family="${fonts}" font-size="${cell.font}" fill="${theme.foreground}" xml:space="preserve">`,
    ...rows.flatMap((row, index) => [...grounds(row, index), ...texts(row, index)]),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

function grounds(row: readonly Cell[], index: number): string[] {
  return runsOf(
    row,
    (one, next) => coloursOf(one.style).background === coloursOf(next.style).background,
  ).flatMap((run) => {
    const { background } = coloursOf(run[0].style)
    const { x, y, width, height } = boxOf(run, index)
    if (background === theme.background) return []
    return `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" fill="${background}"/>`
  })
}

// Letters of one style go together; all else stands alone, since its width in a font is not known.
function texts(row: readonly Cell[], index: number): string[] {
  const together = (one: Cell, next: Cell): boolean =>
    one.style === next.style && letters.test(one.text) && letters.test(next.text)
  return runsOf(row, together).flatMap((run) => {
    const { style } = run[0]
    const { foreground } = coloursOf(style)
    const line = run.length === 1 ? drawn(run[0].text, boxOf(run, index), foreground) : null
    if (line !== null) return line
    const shown = style.underline || style.struck ? run : withoutBlanks(run)
    return shown === null ? [] : textElement(shown, index, foreground)
  })
}

function textElement(run: Run, index: number, colour: string): string {
  const { style } = run[0]
  const { x, y, width } = boxOf(run, index)
  const decoration = [
    ...(style.underline ? ['underline'] : []),
    ...(style.struck ? ['line-through'] : []),
  ].join(' ')
  const attributes: readonly (readonly [string, string | null])[] = [
    ['x', short(x)],
    ['y', short(y + cell.baseline)],
    ['textLength', run.length > 1 ? short(width) : null],
    ['fill', colour === theme.foreground ? null : colour],
    ['fill-opacity', style.dim ? '0.6' : null],
    ['font-weight', style.bold ? 'bold' : null],
    ['font-style', style.italic ? 'italic' : null],
    ['text-decoration', decoration || null],
  ]
  const words = attributes.flatMap(([name, value]) => (value === null ? [] : `${name}="${value}"`))
  return `<text ${words.join(' ')}>${escaped(run.map(({ text }) => text).join(''))}</text>`
}

type Run = readonly [Cell, ...Cell[]]

const letters = /^[\u0020-\u024f]$/

/** Splits a line where there is a gap or where two neighbours do not belong together. */
function runsOf(row: readonly Cell[], together: (one: Cell, next: Cell) => boolean): Run[] {
  const runs: [Cell, ...Cell[]][] = []
  for (const next of row) {
    const run = runs.at(-1)
    const one = run?.at(-1)
    if (run && one && one.column + one.columns === next.column && together(one, next)) run.push(next)
    else runs.push([next])
  }
  return runs
}

function withoutBlanks(run: Run): Run | null {
  const first = run.findIndex(({ text }) => text !== ' ')
  const last = run.findLastIndex(({ text }) => text !== ' ')
  const [head, ...rest] = first === -1 ? [] : run.slice(first, last + 1)
  return head === undefined ? null : [head, ...rest]
}

function boxOf(run: Run, index: number): Box {
  const last = run.at(-1) ?? run[0]
  const { column } = run[0]
  const width = (last.column + last.columns - column) * cell.width
  return { x: column * cell.width, y: index * cell.height, width, height: cell.height }
}

function coloursOf(style: Style): { foreground: string; background: string } {
  const foreground = style.foreground ?? theme.foreground
  const background = style.background ?? theme.background
  return style.reverse ? { foreground: background, background: foreground } : { foreground, background }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
