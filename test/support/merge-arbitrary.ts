import * as fc from 'fast-check'
import type { Files } from './merge-world.ts'

const line = fc.constantFrom('a', 'b', 'c', 'd', '', '}', 'a\r', '\r', '\xff\xfe', 'caf\xc3\xa9', '\x01\x7f')

/** Texts of few different lines, so that they repeat: empty ones, CRLF, bytes that are no text, no final newline. */
export const anyText: fc.Arbitrary<string> = fc
  .tuple(fc.array(line, { maxLength: 14 }), fc.boolean())
  .map(([lines, closed]) => lines.map((text) => `${text}\n`).join('') + (closed ? '' : (lines[0] ?? '')))

/** Texts whose every line has an end. */
export const closedText: fc.Arbitrary<string> = fc
  .array(line, { maxLength: 14 })
  .map((lines) => lines.map((text) => `${text}\n`).join(''))

/** Trees of up to four files, where a name may be a file in one and a directory in the other. */
const anyFiles: fc.Arbitrary<Files> = fc
  .dictionary(fc.constantFrom('one', 'two', 'dir', 'dir/three', 'caf\udce9'), anyText, { maxKeys: 4 })
  .map((files) => asTree(files))

/** A file that is moved, if it is there: onto a new path, or onto one that is taken. */
const anyMoves = fc.array(
  fc.tuple(
    fc.constantFrom('one', 'two', 'dir', 'dir/three'),
    fc.constantFrom('new', 'dir/new', 'one', 'two/x'),
  ),
  { maxLength: 2 },
)

/** A base and three agents' trees, which share many lines and files with it, some of them at other paths. */
export const anyWorld: fc.Arbitrary<{ base: Files; agents: Record<string, Files> }> = fc
  .tuple(anyFiles, anyFiles, anyFiles, anyFiles, anyMoves, anyMoves)
  .map(([base, one, two, three, moves, others]) => {
    const agents = {
      one,
      two: moved(asTree({ ...base, ...two }), moves),
      three: moved(asTree({ ...base, ...three }), others),
    }
    return { base, agents }
  })

function moved(files: Files, moves: readonly (readonly [string, string])[]): Files {
  return moves.reduce((before, [from, to]) => {
    const { [from]: text, ...others } = before
    if (text === undefined) return before
    const blocked = Object.keys(others).some((path) => to.startsWith(`${path}/`) || path.startsWith(`${to}/`))
    return blocked ? before : { ...others, [to]: text }
  }, files)
}

/** The files without those that lie below another file. */
function asTree(files: Files): Files {
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !(path === 'dir/three' && 'dir' in files)),
  )
}

const word = fc.constantFrom('a', 'b', '  c', '}', '', 'd = 1', '  return e')
const anyLines = fc.array(word, { minLength: 2, maxLength: 12 })
/** What becomes of each line: kept, replaced, removed, or followed by a new one. */
const anyEdits = fc.array(fc.constantFrom('keep', 'keep', 'keep', 'other', 'gone', 'after'), {
  minLength: 12,
  maxLength: 12,
})
const anySpacing = fc.constantFrom(
  (line: string) => `${line}\r`,
  (line: string) => `${line} `,
  (line: string) => `    ${line}`,
)

function edited(lines: readonly string[], edits: readonly string[], name: string): string[] {
  return lines.flatMap((line, at) => {
    const edit = edits[at]
    if (edit === 'gone') return []
    return edit === 'other' ? [`${name} ${at}`] : edit === 'after' ? [line, `${name} after ${at}`] : [line]
  })
}

const closed = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

/** A text, what two agents made of it, and what one made who changed the spacing of every line: with edits of its own, and `plain`. */
export const anySpacedWorld: fc.Arbitrary<{
  base: string
  plain: string
  ada: string
  others: Record<string, string>
}> = fc
  .tuple(anyLines, anyEdits, anyEdits, anyEdits, anySpacing)
  .map(([lines, first, second, own, space]) => {
    const others = { bo: closed(edited(lines, first, 'bo')), cy: closed(edited(lines, second, 'cy')) }
    const ada = closed(edited(lines, own, 'ada').map(space))
    return { base: closed(lines), plain: closed(lines.map(space)), ada, others }
  })
