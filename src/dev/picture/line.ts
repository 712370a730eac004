// Characters of lines and blocks are drawn, since fonts leave gaps between them: `┌` is its arms to the right and down.
const arms: Readonly<Record<string, string>> = {
  '─': 'rl',
  '│': 'ud',
  '┌': 'rd',
  '┐': 'ld',
  '└': 'ru',
  '┘': 'lu',
  '├': 'urd',
  '┤': 'uld',
  '┬': 'rld',
  '┴': 'rlu',
  '┼': 'rlud',
  '╴': 'l',
  '╵': 'u',
  '╶': 'r',
  '╷': 'd',
}
const heavy: Readonly<Record<string, string>> = {
  '━': '─',
  '┃': '│',
  '┏': '┌',
  '┓': '┐',
  '┗': '└',
  '┛': '┘',
  '┣': '├',
  '┫': '┤',
  '┳': '┬',
  '┻': '┴',
  '╋': '┼',
}
const round: Readonly<Record<string, readonly [across: 1 | -1, down: 1 | -1]>> = {
  '╭': [1, 1],
  '╮': [-1, 1],
  '╰': [1, -1],
  '╯': [-1, -1],
}
const blocks = '▁▂▃▄▅▆▇█'
const bars = '▏▎▍▌▋▊▉'
const shades = '░▒▓'

/** Where a cell is and how big, in the picture's units. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The element that draws a character of lines or blocks, or null for any other character. */
export function drawn(character: string, box: Box, colour: string): string | null {
  const { x, y, width, height } = box
  const rectangle = (w: number, h: number, top: number, opacity = 1): string =>
    `<rect x="${short(x)}" y="${short(top)}" width="${short(w)}" height="${short(h)}" fill="${colour}"${opacity < 1 ? ` fill-opacity="${opacity}"` : ''}/>`
  const block = blocks.indexOf(character) + 1
  if (block > 0) return rectangle(width, (height * block) / 8, y + (height * (8 - block)) / 8)
  const bar = bars.indexOf(character) + 1
  if (bar > 0) return rectangle((width * bar) / 8, height, y)
  const shade = shades.indexOf(character) + 1
  if (shade > 0) return rectangle(width, height, y, shade / 4)
  if (character === '▀') return rectangle(width, height / 2, y)
  const path = pathOf(character, box)
  const thickness = character in heavy ? 2.4 : 1.2
  return path === null
    ? null
    : `<path d="${path}" stroke="${colour}" stroke-width="${thickness}" fill="none"/>`
}

function pathOf(character: string, { x, y, width, height }: Box): string | null {
  const [middle, centre] = [short(x + width / 2), short(y + height / 2)]
  const corner = round[character]
  if (corner !== undefined) {
    const [across, down] = corner
    const [from, to] = [short(down > 0 ? y + height : y), short(across > 0 ? x + width : x)]
    const bend = short(y + height / 2 + (down * width) / 2)
    return `M${middle} ${from}V${bend}Q${middle} ${centre} ${to} ${centre}`
  }
  const found = arms[heavy[character] ?? character]
  if (found === undefined) return null
  const ends: Readonly<Record<string, string>> = {
    r: `H${short(x + width)}`,
    l: `H${short(x)}`,
    u: `V${short(y)}`,
    d: `V${short(y + height)}`,
  }
  return found
    .split('')
    .map((arm) => `M${middle} ${centre}${ends[arm] ?? ''}`)
    .join('')
}

/** A number with two decimals at most. */
export function short(number: number): string {
  return String(Math.round(number * 100) / 100)
}
