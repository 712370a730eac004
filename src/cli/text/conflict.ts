import { conflictWords } from '../../core/merge/conflict-words.ts'
import type { WireText } from '../../core/merge/wire.ts'
import type { ConflictRegionView, ConflictView, RememberedView } from '../../core/protocol/results.ts'
import { cutLine } from './content.ts'
import { shownPath } from './path.ts'
import { printable } from './run.ts'

/** What does not merge, for people: each place with its sides and whose they are, and how to say what shall be there. */
export function conflictLines(conflicts: readonly ConflictView[]): string[] {
  return [
    'Conflict: nothing was changed.',
    ...conflicts.flatMap((conflict) => ['', ...linesOf(conflict)]),
    '',
    nextStep(conflicts),
  ]
}

function nextStep(conflicts: readonly ConflictView[]): string {
  const join = conflicts.find(({ kind }) => kind === 'join')
  if (join !== undefined) return `Take one of them, or give the text yourself: ${join.id}=@FILE.`
  const [example] = conflicts.map(({ id, regions }) => regions[0]?.id ?? id)
  return `Say what shall be there, for example --resolve ${example}=theirs, or decide the regions otherwise.`
}

function linesOf(conflict: ConflictView): string[] {
  const { id, path, pathEncoding, kind, agents, choices, regions, remembered } = conflict
  const who = agents.length === 0 ? 'theirs' : agents.map(printable).join(' and ')
  const head = `${id}  ${shownPath(path, pathEncoding)}  ${kind}: ${conflictWords(conflict, who)}`
  if (regions.length === 0)
    return [head, ...sides(conflict), `  --resolve ${id}=${choices.map(word).join('|')}${before(remembered)}`]
  const names = kind === 'join' ? agents : undefined
  return [head, ...regions.flatMap((region) => regionLines(region, choices, names))]
}

function regionLines(
  region: ConflictRegionView,
  choices: ConflictView['choices'],
  [ours = 'ours', theirs = 'theirs']: readonly string[] = [],
): string[] {
  const [start, end] = region.lines
  const resolve = `  --resolve ${region.id}=${choices.map(word).join('|')}${before(region.remembered)}`
  const mark = (side: string): string => `    ${printable(side).padEnd(6)}  `
  return [
    `  lines ${start + 1}-${end}`,
    ...(region.base === null ? [] : textLines(mark('base'), region.base)),
    ...textLines(mark(ours), region.ours),
    ...textLines(mark(theirs), region.theirs),
    ...(choices.length === 0 ? [] : [resolve]),
  ]
}

function sides({ base, ours, theirs }: ConflictView): string[] {
  const named = [
    ['base', base],
    ['ours', ours],
    ['theirs', theirs],
  ] as const
  return named.map(([side, blob]) => `    ${side.padEnd(8)}${blob === null ? 'nothing' : blob.slice(0, 12)}`)
}

function textLines(mark: string, { text, encoding }: WireText): string[] {
  if (text === '') return [`${mark}(nothing)`]
  if (encoding === 'base64') return [`${mark}(not UTF-8)`]
  const lines = text.replace(/\n$/, '').split('\n')
  const shown = lines.slice(0, shownLines).map((line) => `${mark}${cutLine(line)}`)
  return lines.length > shownLines ? [...shown, `${mark}… ${lines.length - shownLines} more`] : shown
}

const shownLines = 12

function word(choice: ConflictView['choices'][number]): string {
  return choice === 'edited' ? '@FILE' : choice
}

function before(remembered: RememberedView | null): string {
  if (remembered === null) return ''
  return `|remembered  (before: ${remembered.choice === 'edited' ? 'a text of yours' : remembered.choice})`
}
