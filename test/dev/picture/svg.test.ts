import { array, constantFrom, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { readScreen, textOf } from '../../../src/dev/picture/screen.ts'
import { svgOf } from '../../../src/dev/picture/svg.ts'
import { holds } from '../../support/property.ts'

test('text is escaped and styled, and blanks around it are left out', () => {
  const svg = picture('\x1b[1;3;31m  <a & b>  \x1b[0m')
  expect(elements(svg)).toEqual([
    '<text x="16.8" y="13.4" textLength="58.8" fill="#ffc0b9" font-weight="bold" font-style="italic">&lt;a &amp; b&gt;</text>',
  ])
  expect(elements(picture('\x1b[2;4;9ma '))).toEqual([
    '<text x="0" y="13.4" textLength="16.8" fill-opacity="0.6" text-decoration="underline line-through">a </text>',
  ])
})

test('a background is one rectangle a run, and reverse changes the two colours', () => {
  expect(elements(picture('\x1b[44m  \x1b[1m  \x1b[0m'))).toEqual([
    '<rect x="0" y="0" width="33.6" height="18" fill="#a6dbff"/>',
  ])
  expect(elements(picture('\x1b[7ma'))).toEqual([
    '<rect x="0" y="0" width="8.4" height="18" fill="#e0e2ea"/>',
    '<text x="0" y="13.4" fill="#14161b">a</text>',
  ])
})

test('lines and blocks are drawn from edge to edge of their cells', () => {
  const [corner, across, block] = elements(picture('┌─█'))
  expect(corner).toBe('<path d="M4.2 9H8.4M4.2 9V18" stroke="#e0e2ea" stroke-width="1.2" fill="none"/>')
  expect(across).toBe('<path d="M12.6 9H16.8M12.6 9H8.4" stroke="#e0e2ea" stroke-width="1.2" fill="none"/>')
  expect(block).toBe('<rect x="16.8" y="0" width="8.4" height="18" fill="#e0e2ea"/>')
  expect(elements(picture('╭╯┃░▌')).join('')).not.toContain('<text')
})

test('a wide character stands alone in its two columns', () => {
  expect(elements(picture('a影b')).map((element) => /x="([\d.]+)"/.exec(element)?.[1])).toEqual([
    '0',
    '8.4',
    '25.2',
  ])
})

test('the size is that of the screen, whatever is on it', () => {
  expect(svgOf([], { columns: 80, rows: 24 }, 'a <b>')).toContain('viewBox="0 0 696 456"')
  expect(svgOf([], { columns: 80, rows: 24 }, 'a <b>')).toContain('<title>a &lt;b&gt;</title>')
})

test('the plain text survives, each character in its place', () => {
  const codes = constantFrom('', '\x1b[0m', '\x1b[1m', '\x1b[7m', '\x1b[4;32m', '\x1b[48;5;20m')
  const characters = constantFrom('a', 'b', '0', '9', '<', '&', '"', ' ', ';', '[', 'm', '影', '✓', 'é', '✅')
  const lines = array(array(record({ code: codes, character: characters }), { maxLength: 40 }), {
    maxLength: 6,
  })
  holds(
    property(lines, (rows) => {
      const text = rows
        .map((row) => `${row.map(({ code, character }) => code + character).join('')}\n`)
        .join('')
      const screen = readScreen(text)
      expect(textAgain(svgOf(screen, { columns: 90, rows: rows.length }, 'x'), rows.length)).toEqual(
        screen.map(textOf),
      )
    }),
  )
})

function picture(text: string): string {
  return svgOf(readScreen(text), { columns: 80, rows: 24 }, 'a picture')
}

/** What is drawn on the ground, in order. */
function elements(svg: string): string[] {
  const [, inside = ''] = /<g [^>]*>\n([^]*)<\/g>/.exec(svg) ?? []
  return inside.split('\n').filter((line) => line !== '')
}

/** The lines of text that a picture shows, by the places of its texts. */
function textAgain(svg: string, count: number): string[] {
  const lines = Array.from({ length: count }, () => '')
  for (const [, x, y, escaped = ''] of svg.matchAll(
    /<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^]*?)<\/text>/g,
  )) {
    const [row, column] = [Math.floor(Number(y) / 18), Math.round(Number(x) / 8.4)]
    const text = escaped.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
    const before = lines[row] ?? ''
    const wide = before.match(/[影✅]/g)?.length ?? 0
    lines[row] = before + ' '.repeat(column - before.length - wide) + text
  }
  return lines.map((line) => line.trimEnd())
}
