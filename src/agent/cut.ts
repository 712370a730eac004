/** Text of any length of which beginning and end are kept. */
export interface Cutting {
  readonly add: (piece: string) => void
  /** What was added, or its head and tail with a line between them that counts what is left out. */
  readonly text: () => string
}

/** Keeps so many characters: half of them from the beginning, half from the end. */
export function makeCutting(charactersMax: number): Cutting {
  const half = Math.floor(charactersMax / 2)
  let head = ''
  let tail = ''
  let total = 0
  const add = (piece: string): void => {
    total += piece.length
    const room = half - head.length
    head += piece.slice(0, room)
    tail += piece.slice(room)
    if (tail.length > half * 8) tail = tail.slice(-half)
  }
  const text = (): string => {
    const end = tail.slice(-half)
    const left = total - head.length - end.length
    if (left <= 0) return head + end
    return `${head.toWellFormed()}\n… ${left} characters left out …\n${end.toWellFormed()}`
  }
  return { add, text }
}

/** A text cut to so many characters, an ellipsis at its end where it was longer. */
export function cut(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 1).toWellFormed()}…`
}

/** The first line that says something, and how many more there are. */
export function gist(text: string, charactersMax: number): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const more = lines.length > 1 ? ` (+${lines.length - 1} lines)` : ''
  return cut(lines[0]?.trim() ?? '', charactersMax) + more
}
