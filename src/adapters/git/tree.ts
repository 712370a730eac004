import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import type { ByteString, Entry, Oid } from '../../core/merge/change.ts'
import { git } from './git.ts'
import { createMemo } from './memo.ts'
import type { GitObject } from './object.ts'
import type { Own } from './own.ts'

export const directoryMode = '40000'

/** One directory of a tree: its entries by name; git writes modes without the leading zero of a directory. */
export type TreeEntries = ReadonlyMap<ByteString, Entry>

type Directories = ReadonlyMap<ByteString, TreeEntries>

const known = createMemo<Directories>(limit.directoriesKept)

/** Reads these directories of a commit or tree by one process; what is absent or no directory is left out. */
export function readDirectories(
  own: Own,
  base: Oid,
  directories: Iterable<ByteString>,
): Promise<Directories> {
  const asked = [...directories]
  return known([own.directory, base, ...asked].join('\0'), () => read(own, base, asked))
}

async function read(own: Own, base: Oid, asked: readonly ByteString[]): Promise<Directories> {
  const input = Buffer.from(asked.map((directory) => `${base}:${directory}\0`).join(''), 'latin1')
  const { stdout } = await git(own.place, ['cat-file', '--batch', '-z'], { input })
  const found = new Map<ByteString, TreeEntries>()
  let offset = 0
  for (const directory of asked) {
    const answer = answerAt(stdout, offset, `${base}:${directory}`)
    offset = answer.end
    if (answer.type === 'tree') found.set(directory, parseTree(answer.content, base.length / 2))
  }
  if (!found.has('')) throw new KageError('KAGE_GIT_FAILED', `${base} is no tree that can be read.`)
  return found
}

/** The tree object of these entries. */
export function treeObject(entries: TreeEntries): GitObject {
  const sorted = [...entries].toSorted(([left, a], [right, b]) =>
    compare(sortName(left, a), sortName(right, b)),
  )
  const parts = sorted.flatMap(([name, { mode, oid }]) => [
    Buffer.from(`${mode} ${name}\0`, 'latin1'),
    Buffer.from(oid, 'hex'),
  ])
  return { type: 'tree', content: Buffer.concat(parts) }
}

interface Answer {
  readonly type: string
  readonly content: Buffer
  readonly end: number
}

function answerAt(output: Buffer, offset: number, name: string): Answer {
  const missing = Buffer.from(`${name} missing\n`, 'latin1')
  if (output.subarray(offset, offset + missing.length).equals(missing)) {
    return { type: 'missing', content: Buffer.alloc(0), end: offset + missing.length }
  }
  const start = output.indexOf('\n', offset) + 1
  const [, type = '', size = ''] = output.toString('latin1', offset, start - 1).split(' ')
  const end = start + Number(size)
  if (start === 0 || !/^\d+$/.test(size) || end >= output.length) {
    throw new KageError('KAGE_GIT_FAILED', 'git cat-file gave an answer that cannot be read.')
  }
  return { type, content: output.subarray(start, end), end: end + 1 }
}

function parseTree(content: Buffer, oidBytes: number): TreeEntries {
  const entries = new Map<ByteString, Entry>()
  for (let offset = 0; offset < content.length;) {
    const end = content.indexOf(0, offset)
    const [mode, name] = splitOnce(content.toString('latin1', offset, end), ' ')
    entries.set(name, { mode, oid: content.toString('hex', end + 1, end + 1 + oidBytes) })
    offset = end + 1 + oidBytes
  }
  return entries
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return [text.slice(0, at), text.slice(at + separator.length)]
}

function sortName(name: ByteString, entry: Entry): string {
  return entry.mode === directoryMode ? `${name}/` : name
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
