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

/** A base and three agents' trees, which share many lines and files with it. */
export const anyWorld: fc.Arbitrary<{ base: Files; agents: Record<string, Files> }> = fc
  .tuple(anyFiles, anyFiles, anyFiles, anyFiles)
  .map(([base, one, two, three]) => {
    return { base, agents: { one, two: asTree({ ...base, ...two }), three: asTree({ ...base, ...three }) } }
  })

/** The files without those that lie below another file. */
function asTree(files: Files): Files {
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !(path === 'dir/three' && 'dir' in files)),
  )
}
