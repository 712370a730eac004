// Two lines can look alike and differ: in blanks at their ends, in tabs, in spaces that are no plain space, in how an accent is
// composed, and in a missing end of the last line. Where such lines stand against each other, what differs is spelled out.

/** A line without its line feed; `ended` is false for a last line that has none. */
export interface ShownLine {
  readonly text: string
  readonly ended: boolean
}

/** The mark behind a last line without a line feed. */
const noLineEnd = '⟨no newline⟩'

/** Whether two different lines look the same on a screen. */
export function looksAlike(one: ShownLine, other: ShownLine): boolean {
  return (one.text !== other.text || one.ended !== other.ended) && looksOf(one.text) === looksOf(other.text)
}

/** A line with everything spelled out by which it can differ from one that looks alike. */
export function spellBlanks({ text, ended }: ShownLine): string {
  const trimmed = text.trimEnd()
  const end = text.slice(trimmed.length).replaceAll(' ', '·')
  const body = (trimmed + end)
    .replaceAll('\t', '⇥   ')
    .replaceAll(/(?! )\p{Zs}/gu, spelled)
    .replaceAll(/\p{M}/gu, (mark) => (text === text.normalize('NFC') ? mark : spelled(mark)))
  return ended ? body : body + noLineEnd
}

/** The lines of texts that stand against each other which look like a different line of another of them. */
export function alikeLines(texts: readonly string[]): (line: ShownLine) => boolean {
  const forms = new Map<string, Set<string>>()
  for (const line of texts.flatMap(linesOf)) {
    const looks = looksOf(line.text)
    forms.set(looks, (forms.get(looks) ?? new Set()).add(`${line.ended ? 1 : 0}${line.text}`))
  }
  return (line) => (forms.get(looksOf(line.text))?.size ?? 0) > 1
}

/** The lines of a text; an empty text has none. */
export function linesOf(text: string): ShownLine[] {
  if (text === '') return []
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  const whole = lines.map((line) => ({ text: line, ended: true }))
  return last === '' ? whole : [...whole, { text: last, ended: false }]
}

function looksOf(text: string): string {
  if (/^[\u0021-\u007e]*$/.test(text)) return text
  return text
    .normalize('NFC')
    .replaceAll('\t', '    ')
    .replaceAll(/\p{Zs}/gu, ' ')
    .trimEnd()
}

function spelled(character: string): string {
  const point = character.codePointAt(0) ?? 0
  return `⟨U+${point.toString(16).toUpperCase().padStart(4, '0')}⟩`
}
