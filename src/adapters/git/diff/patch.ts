// What `diff-tree --stdin -z --raw -p -U1` says about each pair of trees that it is asked about:
//   <tree> <tree>\n   :100644 100644 <oid> <oid> M\0<path>\0 …   \0   diff --git …\nindex <oid>..<oid> 100644\n@@ -1,2 +1,3 @@\n a\n-x\n+y\n+z\n …
// A header can be told from content because the counts in `@@` say how many lines of content follow. Paths are read from the
// raw records alone; a text is found again by its pair of blobs, which its `index` line names.
import type { Atom, ByteString, Oid } from '../../../core/merge/change.ts'

/** One differing path as git records it: modes, objects, and a letter for what happened. */
export interface RawRecord {
  readonly oldMode: string
  readonly newMode: string
  readonly oldOid: Oid
  readonly newOid: Oid
  readonly status: string
  readonly path: ByteString
  /** Where the file lies now, when it was renamed or copied. */
  readonly to?: ByteString
}

/** What became of a pair of blobs (`<oid>..<oid>`): its atoms, or null where git holds one of them for binary. */
export type Texts = ReadonlyMap<string, readonly Atom[] | null>

/** A comparison of two trees. */
export interface TreePatch {
  readonly records: readonly RawRecord[]
  readonly texts: Texts
  /** Why a pair of texts was not compared, where it was not. */
  readonly reasons?: ReadonlyMap<string, string>
}

/** The name of a pair of blobs. */
export function pairOf(from: Oid, to: Oid): string {
  return `${from}..${to}`
}

/** Reads the comparisons that follow each other in one output of `diff-tree --stdin`. */
export function parsePatches(output: Buffer): TreePatch[] {
  const bytes = output.toString('latin1')
  const patches: TreePatch[] = []
  for (let at = 0; at < bytes.length;) {
    const start = bytes.indexOf('\n', at) + 1
    const raw = readRecords(bytes, start)
    const body = readTexts(bytes, raw.next)
    patches.push({ records: raw.records, texts: body.texts })
    at = body.next
  }
  return patches
}

function readRecords(bytes: ByteString, start: number): { records: RawRecord[]; next: number } {
  const records: RawRecord[] = []
  let at = start
  while (bytes[at] === ':') {
    const head = bytes.indexOf('\0', at)
    let tail = bytes.indexOf('\0', head + 1)
    const [oldMode = '', newMode = '', oldOid = '', newOid = '', status = ''] = bytes
      .slice(at + 1, head)
      .split(' ')
    const record = { oldMode, newMode, oldOid, newOid, status, path: bytes.slice(head + 1, tail) }
    if (/^[RC]/.test(status)) {
      const second = tail + 1
      tail = bytes.indexOf('\0', second)
      records.push({ ...record, to: bytes.slice(second, tail) })
    } else records.push(record)
    at = tail + 1
  }
  return { records, next: bytes[at] === '\0' ? at + 1 : at }
}

const hunkHead = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/
const indexLine = /^index ([0-9a-f]+\.\.[0-9a-f]+)/

function readTexts(bytes: ByteString, start: number): { texts: Map<string, Atom[] | null>; next: number } {
  const texts = new Map<string, Atom[] | null>()
  let atoms: Atom[] = []
  let pair = ''
  let at = start
  while (at < bytes.length) {
    const end = lineEnd(bytes, at)
    const line = bytes.slice(at, Math.min(end, at + 160))
    if (/^[0-9a-f]{40,64} [0-9a-f]{40,64}\n/.test(line)) break
    const index = indexLine.exec(line)
    const hunk = hunkHead.exec(line)
    if (index !== null) texts.set((pair = index[1] ?? ''), (atoms = []))
    else if (line.startsWith('Binary files ')) texts.set(pair, null)
    at = end
    if (hunk === null) continue
    const read = readHunk(bytes, end, counts(hunk))
    atoms.push(...read.atoms)
    at = read.next
  }
  return { texts, next: at }
}

interface Counts {
  readonly start: number
  readonly removed: number
  readonly added: number
}

function counts([, from = '', removed = '1', added = '1']: RegExpExecArray): Counts {
  const first = Number(from)
  return { start: removed === '0' ? first : first - 1, removed: Number(removed), added: Number(added) }
}

/** A change as a hunk tells it: the lines that go and those that come in their place. */
interface Replacement {
  readonly start: number
  readonly gone: ByteString[]
  readonly come: ByteString[]
}

/** The changes of a hunk, each without the lines around it that show where it is. */
function readHunk(bytes: ByteString, start: number, hunk: Counts): { atoms: Atom[]; next: number } {
  const found: Replacement[] = []
  let [at, line, removed, added] = [start, hunk.start, hunk.removed, hunk.added]
  while (removed > 0 || added > 0) {
    const end = lineEnd(bytes, at)
    const sign = bytes[at]
    const next = skipNote(bytes, end)
    if (sign === '-' || sign === '+') {
      const last = found.at(-1)
      const isNext = last !== undefined && last.start + last.gone.length === line
      const change = isNext ? last : { start: line, gone: [], come: [] }
      if (change !== last) found.push(change)
      const text = bytes.slice(at + 1, next === end ? end : end - 1)
      if (sign === '-') change.gone.push(text)
      else change.come.push(text)
    }
    if (sign !== '+') [line, removed] = [line + 1, removed - 1]
    if (sign !== '-') added -= 1
    at = next
  }
  const atoms = found.map(atomOf).filter(({ start: from, end, text }) => from < end || text !== '')
  return { atoms, next: at }
}

/**
 * A change without what it begins and ends with on both sides: between equal blocks git's histogram tells an insertion as a
 * replacement of its neighbours (`-a +a +new` for `new` behind an `a`).
 */
function atomOf({ start, gone, come }: Replacement): Atom {
  let [from, end, last] = [0, gone.length, come.length]
  while (from < end && from < last && gone[from] === come[from]) from += 1
  while (end > from && last > from && gone[end - 1] === come[last - 1]) [end, last] = [end - 1, last - 1]
  return { start: start + from, end: start + end, text: come.slice(from, last).join('') }
}

// After the last line of a file without a final newline: `\ No newline at end of file`.
function skipNote(bytes: ByteString, at: number): number {
  return bytes[at] === '\\' ? lineEnd(bytes, at) : at
}

function lineEnd(bytes: ByteString, at: number): number {
  const end = bytes.indexOf('\n', at)
  return end === -1 ? bytes.length : end + 1
}
