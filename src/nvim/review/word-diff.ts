// Which words of a line changed: both lines are cut into words, runs of blanks and single other characters; what both
// have in common, in order (longest common subsequence), is unchanged. `a = b;` and `a = cd;` differ in `b` and `cd`.
import { limit } from '../../core/limit.ts'

/** A piece of a line; all pieces joined are the line. */
export interface Piece {
  readonly text: string
  readonly changed: boolean
}

/** The pieces of an old and a new line. */
export function wordDiff(old: string, fresh: string): { readonly old: Piece[]; readonly fresh: Piece[] } {
  const [left, right] = [wordsOf(old), wordsOf(fresh)]
  const start = commonStart(left, right)
  const end = commonEnd(left, right, start)
  const middle = [left.slice(start, left.length - end), right.slice(start, right.length - end)] as const
  const [leftKept, rightKept] = common(...middle)
  return { old: pieces(left, start, leftKept), fresh: pieces(right, start, rightKept) }
}

function wordsOf(line: string): string[] {
  return line.match(/[\p{L}\p{N}\p{M}_]+|\s+|[^]/gu) ?? []
}

function commonStart(left: readonly string[], right: readonly string[]): number {
  let at = 0
  while (at < left.length && at < right.length && left[at] === right[at]) at += 1
  return at
}

function commonEnd(left: readonly string[], right: readonly string[], start: number): number {
  const most = Math.min(left.length, right.length) - start
  let count = 0
  while (count < most && left.at(-1 - count) === right.at(-1 - count)) count += 1
  return count
}

/** Whether each word of both is in the longest common subsequence; beyond the limit nothing counts as common. */
function common(left: readonly string[], right: readonly string[]): [boolean[], boolean[]] {
  const kept: [boolean[], boolean[]] = [left.map(() => false), right.map(() => false)]
  if (left.length * right.length > limit.wordPairs) return kept
  const lengths = lengthTable(left, right)
  let [one, other] = [0, 0]
  while (one < left.length && other < right.length) {
    if (left[one] === right[other]) {
      kept[0][one] = true
      kept[1][other] = true
      one += 1
      other += 1
    } else if ((lengths[one + 1]?.[other] ?? 0) >= (lengths[one]?.[other + 1] ?? 0)) one += 1
    else other += 1
  }
  return kept
}

/** For each pair of places the length of what the rests have in common. */
function lengthTable(left: readonly string[], right: readonly string[]): number[][] {
  const table = [right.concat('').map(() => 0)]
  for (const word of left.toReversed()) table.push(lengthRow(word, right, table.at(-1) ?? []))
  return table.toReversed()
}

function lengthRow(word: string, right: readonly string[], below: readonly number[]): number[] {
  const row = below.map(() => 0)
  for (let other = right.length - 1; other >= 0; other -= 1) {
    const same = word === right[other]
    row[other] = same ? (below[other + 1] ?? 0) + 1 : Math.max(below[other] ?? 0, row[other + 1] ?? 0)
  }
  return row
}

function pieces(words: readonly string[], start: number, kept: readonly boolean[]): Piece[] {
  const joined: { text: string; changed: boolean }[] = []
  for (const [index, text] of words.entries()) {
    const inMiddle = index >= start && index < start + kept.length
    const changed = inMiddle && kept[index - start] === false
    const last = joined.at(-1)
    if (last?.changed === changed) last.text += text
    else joined.push({ text, changed })
  }
  return joined
}
