import { conflictWords } from '../../core/merge/conflict-words.ts'
import { linesInWords } from '../../core/merge/line-words.ts'
import { splitLines } from '../../core/merge/lines.ts'
import { pathOfWire } from '../../core/merge/path.ts'
import { textOfWire, type WireText } from '../../core/merge/wire.ts'
import type { ConflictRegionView, ConflictView } from '../../core/protocol/results.ts'
import { shownLine, shownText } from './shown-text.ts'

/** One thing that the person is asked about: a conflict as a whole, or a region of one. */
export interface ConflictPlace {
  readonly conflict: ConflictView
  readonly region: ConflictRegionView | null
  /** All paths that hang together, each with its sides. */
  readonly together: readonly ConflictView[]
}

/** A question about it, with the keys that answer it. */
export interface ConflictQuestion {
  readonly lines: readonly string[]
  readonly marks: readonly (readonly [row: number, group: string])[]
  readonly keys: readonly string[]
}

/** What the person is to be asked about, one after the other. */
export function placesOf(conflicts: readonly ConflictView[]): ConflictPlace[] {
  const asked = new Set<string>()
  return conflicts.flatMap((conflict): ConflictPlace[] => {
    if (conflict.regions.length > 0)
      return conflict.regions.map((region) => ({ conflict, region, together: [conflict] }))
    if (asked.has(conflict.id)) return []
    asked.add(conflict.id)
    return [{ conflict, region: null, together: conflicts.filter(({ id }) => id === conflict.id) }]
  })
}

/** The agents whose work it is about, as they are called in the question. */
function otherSide({ conflict, region }: ConflictPlace): string {
  const agents = region?.agents ?? conflict.agents
  const names = agents.map((id) => shownText(id.slice(id.indexOf('/') + 1)))
  return names.length === 0 ? 'theirs' : names.join(' and ')
}

/** The question about one of `total` places; `others` tells whether another agent made something there. */
export function questionOf(
  place: ConflictPlace,
  { number, total, others }: { readonly number: number; readonly total: number; readonly others: boolean },
): ConflictQuestion {
  const who = otherSide(place)
  const rows: Row[] = [
    [`${titleOf(place)}  (${number} of ${total})`, 'KageReviewPath'],
    [conflictWords(place.conflict, who), 'KageReviewNote'],
    [''],
    ...(place.region === null ? wholeRows(place, who) : textRows(place.region, who)),
    [''],
  ]
  const answers = answersOf(place, who, others)
  for (const [key, words] of answers) rows.push([` ${key}  ${words}`])
  return {
    lines: rows.map(([line]) => line),
    marks: rows.flatMap(([, group], row) => (group === undefined ? [] : [[row, group] as const])),
    keys: answers.map(([key]) => key),
  }
}

type Row = readonly [line: string, group?: string]

function titleOf({ conflict, region, together }: ConflictPlace): string {
  const old = together.find(({ base }) => base !== null) ?? conflict
  const path = shownText(pathOfWire(old))
  if (region === null) return path
  const [start, end] = region.lines
  return `${path}, ${linesInWords({ start, end })}`
}

function textRows({ base, ours, theirs }: ConflictRegionView, who: string): Row[] {
  return [
    ...(base === null ? [] : sideRows('base', base, 'KageReviewDeleted')),
    ...sideRows('yours', ours, 'KageReviewAdded'),
    ...sideRows(who, theirs, 'KageReviewAdded'),
  ]
}

function sideRows(name: string, text: WireText, group: string): Row[] {
  const lines = splitLines(textOfWire(text))
  const heading: Row = [`── ${name}${lines.length === 0 ? ': nothing' : ''}`, 'KageReviewHeading']
  return [heading, ...lines.map((line): Row => [`  ${shownLine(line)}`, group])]
}

/** What each side has of it: of paths that hang together under which name, else which object. */
function wholeRows({ together }: ConflictPlace, who: string): Row[] {
  const sides = [
    ['base', 'base'],
    ['yours', 'ours'],
    [who, 'theirs'],
  ] as const
  return sides.flatMap(([name, side]): Row[] => {
    const there = together.filter((conflict) => conflict[side] !== null)
    if (there.length === 0) return [[`  ${name}: nothing`]]
    return there.map((conflict) => {
      const what = together.length > 1 ? shownText(pathOfWire(conflict)) : conflict[side]?.slice(0, 10)
      return [`  ${name}: ${what}`]
    })
  })
}

/** The keys that can be pressed, with what each does. */
function answersOf(
  { conflict, region }: ConflictPlace,
  who: string,
  others: boolean,
): [key: string, words: string][] {
  const { choices } = conflict
  const words = {
    ours: 'yours',
    theirs: who,
    'ours+theirs': `yours, then ${who}`,
    'theirs+ours': `${who}, then yours`,
    edited: 'a text of your own',
  } as const
  const { remembered } = region ?? conflict
  const can = (choice: keyof typeof words, key: string): [string, string][] =>
    choices.includes(choice) ? [[key, words[choice]]] : []
  return [
    ...can('ours', 'o'),
    ...can('theirs', 't'),
    ...can('ours+theirs', 'b'),
    ...can('theirs+ours', 'B'),
    ...can('edited', 'e'),
    ...(others ? [['v', 'what another made there'] as [string, string]] : []),
    ['0', `nothing of ${who}`],
    ...(remembered === null
      ? []
      : [['r', `as you said before: ${words[remembered.choice]}`] as [string, string]]),
  ]
}
