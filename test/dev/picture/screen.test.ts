import { array, boolean, constantFrom, integer, option, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { type Cell, readScreen, textOf } from '../../../src/dev/picture/screen.ts'
import { type Style, plainStyle } from '../../../src/dev/picture/style.ts'
import { holds } from '../../support/property.ts'
import { privateServer } from '../../support/tmux-server.ts'
import { until } from '../../support/until.ts'

test('colours of 8, 16, 256 and 24 bits are read, however they are written', () => {
  check('\x1b[31ma', { foreground: '#ffc0b9' })
  check('\x1b[90ma', { foreground: '#4f5258' })
  check('\x1b[42ma', { background: '#b3f6c0' })
  check('\x1b[107ma', { background: '#eef1f8' })
  check('\x1b[38;5;1ma', { foreground: '#ffc0b9' })
  check('\x1b[38;5;16ma', { foreground: '#000000' })
  check('\x1b[38;5;208ma', { foreground: '#ff8700' })
  check('\x1b[48;5;255ma', { background: '#eeeeee' })
  check('\x1b[38;2;1;20;255ma', { foreground: '#0114ff' })
  check('\x1b[48:2::1:20:255ma', { background: '#0114ff' })
  check('\x1b[38:2:1:20:255ma', { foreground: '#0114ff' })
  check('\x1b[38:5:208;1ma', { foreground: '#ff8700', bold: true })
  check('\x1b[38;2;1;20;256ma', {})
  check('\x1b[1;38;5;208;48;2;0;0;1;3ma', {
    bold: true,
    foreground: '#ff8700',
    background: '#000001',
    italic: true,
  })
})

test('attributes are set and unset one by one or all at once', () => {
  check('\x1b[1;2;3;4;7;9ma', {
    bold: true,
    dim: true,
    italic: true,
    underline: true,
    reverse: true,
    struck: true,
  })
  check('\x1b[1;2;3;4;7;9m\x1b[22;23;24;27;29ma', {})
  check('\x1b[1;31m\x1b[ma', {})
  check('\x1b[4:3ma', { underline: true })
  check('\x1b[4:3m\x1b[4:0ma', {})
  check('\x1b[58:2::1:2:3ma', {})
  check('\x1b[31;42m\x1b[39;49ma', {})
})

test('a style goes on over the end of the line', () => {
  const rows = readScreen('\x1b[1ma\nb\x1b[0mc\n')
  expect(rows.map((row) => row.map(({ style }) => style.bold))).toEqual([[true], [true, false]])
})

test('other sequences, links, controls and cut sequences leave nothing behind', () => {
  const text = 'a\x1b[?25l\x1b]8;;http://x\x1b\\b\x1b]8;;\x07\x1b(B\x1b=c\r\x07\x1b[2Kd\x1b[38;5'
  expect(readScreen(text).map(textOf)).toEqual(['abcd'])
})

test('lines of the old set, tabs, wide and combined characters have their columns', () => {
  expect(readScreen('\x0elqk\x0fq').map(textOf)).toEqual(['┌─┐q'])
  expect(readScreen('a\tb').map(textOf)).toEqual(['a       b'])
  const [row = []] = readScreen('影a✅é e\u0301')
  expect(row.map(({ text, column, columns }) => [text, column, columns])).toEqual([
    ['影', 0, 2],
    ['a', 2, 1],
    ['✅', 3, 2],
    ['é', 5, 1],
    [' ', 6, 1],
    ['e\u0301', 7, 1],
  ])
})

const styles = record({
  foreground: option(constantFrom('#000000', '#0114ff', '#ff8700')),
  background: option(constantFrom('#000000', '#0114ff')),
  bold: boolean(),
  dim: boolean(),
  italic: boolean(),
  underline: boolean(),
  struck: boolean(),
  reverse: boolean(),
})
const characters = constantFrom(
  'a',
  'b',
  '0',
  '9',
  '<',
  '&',
  '"',
  ' ',
  ';',
  '[',
  'm',
  '影',
  '─',
  '✓',
  'é',
  '✅',
)

test('whatever is shown in whatever style is read again, in one sequence or in many', () => {
  const rows = array(
    array(
      record({ text: characters, style: styles, split: boolean(), repeats: integer({ min: 1, max: 3 }) }),
    ),
  )
  holds(
    property(rows, (wanted) => {
      const written = wanted.map((row) =>
        row.map(({ text, style, split, repeats }) => sequence(style, split) + text.repeat(repeats)).join(''),
      )
      const read = readScreen(written.map((line) => `${line}\n`).join(''))
      expect(read.map((row) => row.map(({ text, style }) => ({ text, style })))).toEqual(
        wanted.map((row) =>
          row.flatMap(({ text, style, repeats }) => Array.from({ length: repeats }, () => ({ text, style }))),
        ),
      )
      expect(read.map(textOf)).toEqual(
        wanted.map((row) =>
          row
            .map((each) => each.text.repeat(each.repeats))
            .join('')
            .trimEnd(),
        ),
      )
    }),
  )
})

test('a real screen of tmux is read as its plain text', async () => {
  const server = privateServer({ start: false })
  const script = String.raw`printf '\033[1;31mred\033[0m \033[48;5;22m green  \033[0m\n\033[38;2;1;2;3mdark\033[0m 影 \033(0lqk\033(B\n'; ls --color -la /; exec cat`
  server.tmux('-u', 'new-session', '-d', '-x', '90', '-y', '40', '-s', 'user', '--', 'sh', '-c', script)
  await until(() => server.tmux('capture-pane', '-p', '-t', 'user').includes('usr'))
  const rows = readScreen(server.tmux('capture-pane', '-e', '-p', '-N', '-t', 'user'))
  expect(rows.map((row) => textOf(row).replace('┌─┐', 'lqk'))).toEqual(
    server.tmux('capture-pane', '-p', '-t', 'user').split('\n').slice(0, rows.length),
  )
  expect(rows[0]?.[0]?.style).toEqual({ ...plainStyle, bold: true, foreground: '#ffc0b9' })
  expect(rows[0]?.[10]).toMatchObject({ text: ' ', style: { background: '#005f00' } })
})

function check(text: string, style: Partial<Style>): void {
  const cell: Cell = { text: 'a', column: 0, columns: 1, style: { ...plainStyle, ...style } }
  expect(readScreen(text)).toEqual([[cell]])
}

/** A style from nothing, as one sequence or as one for each word. */
function sequence(style: Style, split: boolean): string {
  const colour = (hex: string): string => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(';')
  const words = [
    '0',
    ...(style.foreground === null ? [] : [`38;2;${colour(style.foreground)}`]),
    ...(style.background === null ? [] : [`48;2;${colour(style.background)}`]),
    ...(style.bold ? ['1'] : []),
    ...(style.dim ? ['2'] : []),
    ...(style.italic ? ['3'] : []),
    ...(style.underline ? ['4'] : []),
    ...(style.reverse ? ['7'] : []),
    ...(style.struck ? ['9'] : []),
  ]
  return split ? words.map((word) => `\x1b[${word}m`).join('') : `\x1b[${words.join(';')}m`
}
