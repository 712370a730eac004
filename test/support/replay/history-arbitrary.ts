import * as fc from 'fast-check'

/** A file of a tree: git's mode, and its exact bytes (latin1); a submodule's are the commit's name. */
export interface TreeFile {
  readonly mode: string
  readonly content: string
}

/** The files of a tree by the bytes of their paths (latin1). */
export type TreeFiles = Readonly<Record<string, TreeFile>>

/** Three trees: a base, and what each side made of it. */
export interface History {
  readonly base: TreeFiles
  readonly ours: TreeFiles
  readonly theirs: TreeFiles
}

const names = [
  'a',
  'b c',
  '-n',
  '"q"',
  'tab\t',
  'new\nline',
  'back\\',
  'caf\xc3\xa9',
  'caf\xe9',
  'd/x',
  'd',
  'e/f/g',
]

// Lines of one file are like no line of another, so that git takes none for another's new name.
const word = fc.constantFrom(
  'a',
  'b',
  'c',
  '',
  '}',
  '@@ -1 +1 @@',
  '\xff\xfe',
  '\tx ',
  '\\ No newline at end of file',
)
const line = fc.tuple(word, fc.constantFrom('\n', '\n', '\n', '\r\n'))
const text = fc.record({ lines: fc.array(line, { maxLength: 16 }), open: fc.boolean() })

type Text = typeof text extends fc.Arbitrary<infer T> ? T : never

const splice = fc.record({ at: fc.nat(16), gone: fc.nat(3), lines: fc.array(line, { maxLength: 3 }) })

type Splice = typeof splice extends fc.Arbitrary<infer T> ? T : never

const change = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ kind: 'keep' } as const) },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      splices: fc.array(splice, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('write' as const), text }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      end: fc.constantFrom('.moved', '.moved', '.other'),
      splices: fc.array(splice, { maxLength: 2 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('delete', 'mode', 'binary', 'link', 'module', 'ends'),
      tag: fc.constantFrom('1', '2'),
    }),
  },
)

type Edit = typeof change extends fc.Arbitrary<infer T> ? T : never

const base = fc.dictionary(fc.constantFrom(...names), text, { minKeys: 1, maxKeys: 5 })
const side = fc.record(Object.fromEntries(names.map((name) => [name, change])))

/** Random histories: texts with CRLF, without a last newline or not of UTF-8, modes, links, submodules, binaries, files that become directories, files that are renamed. */
export const anyHistory: fc.Arbitrary<History> = fc.tuple(base, side, side).map(([texts, ours, theirs]) => {
  const files = Object.fromEntries(
    Object.entries(texts).map(([name, each]) => [name, fileOf(name, each)] as const),
  )
  const known = asTree(files)
  const made = (edits: Record<string, Edit>): TreeFiles =>
    asTree(Object.fromEntries(names.flatMap((name) => edited(name, known[name], edits[name]))))
  return { base: known, ours: made(ours), theirs: made(theirs) }
})

function fileOf(name: string, { lines, open }: Text): TreeFile {
  const content = rows(name, lines).join('')
  return { mode: '100644', content: open ? content.replace(/\r?\n$/, '') : content }
}

function rows(name: string, lines: readonly (readonly [string, string])[]): string[] {
  return lines.map(([each, end]) => (each === '' ? end : `${names.indexOf(name)}${each}${end}`))
}

function edited(name: string, file: TreeFile | undefined, edit: Edit | undefined): [string, TreeFile][] {
  if (edit === undefined || edit.kind === 'keep') return file === undefined ? [] : [[name, file]]
  if (edit.kind === 'write') return [[name, fileOf(name, edit.text)]]
  if (edit.kind === 'edit' || edit.kind === 'move') {
    if (file?.mode.startsWith('100') !== true) return file === undefined ? [] : [[name, file]]
    const spliced = { ...file, content: splicedText(name, file.content, edit.splices) }
    if (edit.kind === 'edit') return [[name, spliced]]
    return file.content.length > 20 ? [[`${name}${edit.end}`, spliced]] : [[name, file]]
  }
  return special(name, file, edit.kind, edit.tag)
}

function splicedText(name: string, text: string, splices: readonly Splice[]): string {
  const lines = text.split(/(?<=\n)/)
  for (const { at, gone, lines: fresh } of splices)
    lines.splice(Math.min(at, lines.length), gone, ...rows(name, fresh))
  return lines.join('')
}

function special(name: string, file: TreeFile | undefined, kind: string, tag: string): [string, TreeFile][] {
  const unique = `${names.indexOf(name)}${tag}`
  if (kind === 'binary') return [[name, { mode: '100644', content: `${unique}\0\n${unique}` }]]
  if (kind === 'link') return [[name, { mode: '120000', content: `to/${unique}` }]]
  if (kind === 'module') return [[name, { mode: '160000', content: unique.padStart(40, '0') }]]
  if (file === undefined || kind === 'delete') return []
  if (kind === 'mode' && file.mode.startsWith('100'))
    return [[name, { ...file, mode: file.mode === '100644' ? '100755' : '100644' }]]
  if (kind === 'ends') return [[name, { ...file, content: file.content.replaceAll(/\r?\n/g, '\r\n') }]]
  return [[name, file]]
}

/** The files without those below another file. */
function asTree(files: TreeFiles): TreeFiles {
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !(path.startsWith('d/') && Object.hasOwn(files, 'd'))),
  )
}
