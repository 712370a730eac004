import { indexedColour, rgbColour } from './colour.ts'

/** How a cell looks; null is the picture's own colour. */
export interface Style {
  readonly foreground: string | null
  readonly background: string | null
  readonly bold: boolean
  readonly dim: boolean
  readonly italic: boolean
  readonly underline: boolean
  readonly struck: boolean
  readonly reverse: boolean
}

export const plainStyle: Style = {
  foreground: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  struck: false,
  reverse: false,
}

/** The style after `ESC [ parameters m`; what is not known changes nothing. */
export function styled(style: Style, parameters: string): Style {
  const words = parameters.split(';')
  let now = style
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const [code = 0, ...parts] = word.split(':').map(Number)
    if (code !== 38 && code !== 48 && code !== 58) {
      now = code === 4 && parts[0] === 0 ? { ...now, underline: false } : { ...now, ...change(code) }
      continue
    }
    // With colons a colour is one word, and may have an empty part for its space; with semicolons the next words are it.
    const joined = word.includes(':')
    const kind = joined ? parts[0] : Number(words[at + 1])
    const length = kind === 2 ? 3 : 1
    const numbers = joined ? parts.slice(-length) : words.slice(at + 2, at + 2 + length).map(Number)
    if (!joined) at += 1 + length
    const colour = kind === 2 ? rgbColour(numbers) : indexedColour(numbers[0] ?? 256)
    if (code !== 58) now = { ...now, [code === 38 ? 'foreground' : 'background']: colour }
  }
  return now
}

const changes: ReadonlyMap<number, Partial<Style>> = new Map<number, Partial<Style>>([
  [0, plainStyle],
  [1, { bold: true }],
  [2, { dim: true }],
  [3, { italic: true }],
  [4, { underline: true }],
  [7, { reverse: true }],
  [9, { struck: true }],
  [21, { underline: true }],
  [22, { bold: false, dim: false }],
  [23, { italic: false }],
  [24, { underline: false }],
  [27, { reverse: false }],
  [29, { struck: false }],
  [39, { foreground: null }],
  [49, { background: null }],
])

function change(code: number): Partial<Style> {
  const [hundreds, rest] = [code >= 90 ? 8 : 0, code % 10]
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97))
    return { foreground: indexedColour(hundreds + rest) }
  if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107))
    return { background: indexedColour(hundreds + rest) }
  return changes.get(code) ?? {}
}
