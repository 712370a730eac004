import { KageError } from '../../../core/error.ts'
import { limit } from '../../../core/limit.ts'
import type { ByteString, Entry, Oid } from '../../../core/merge/change.ts'
import { commitTree } from './commit-tree.ts'
import { createMemo } from '../command/memo.ts'
import type { GitObject } from '../command/object.ts'
import { readObjects } from './object-reader.ts'
import type { Own } from '../repository/own.ts'
import { parentsOf } from './tree-path.ts'

export const directoryMode = '40000'

/** Whether a mode of a tree is a directory's: some tools have written it with a leading zero, which stays where nothing changes. */
export function isDirectoryMode(mode: string | undefined): boolean {
  return mode === directoryMode || mode === `0${directoryMode}`
}

/** One directory of a tree: its entries by name. */
export type TreeEntries = ReadonlyMap<ByteString, Entry>

type Directories = ReadonlyMap<ByteString, TreeEntries>

const known = createMemo<Directories>(limit.directoriesKept)

/** Reads these directories of a commit or tree at once; what is absent or no directory is left out. */
export function readDirectories(
  own: Own,
  base: Oid,
  directories: Iterable<ByteString>,
): Promise<Directories> {
  const asked = [...directories]
  return known([own.directory, base, ...asked].join('\0'), () => read(own, base, asked))
}

// Level by level, each by the name that the one above gives it: by its path git would walk to each from the root.
async function read(own: Own, base: Oid, asked: readonly ByteString[]): Promise<Directories> {
  const readOne = treeReader(own)
  const all = new Set(asked.flatMap((directory) => [...parentsOf(directory), directory]))
  all.delete('')
  const inside = Map.groupBy(all, (directory) => parentsOf(directory).at(-1))
  const found = new Map<ByteString, TreeEntries>()
  const enter = async (directory: ByteString, oid: Oid): Promise<void> => {
    const entries = await readOne(oid)
    if (entries === undefined) return
    found.set(directory, entries)
    const below = (inside.get(directory) ?? []).map(async (path) => {
      const entry = entries.get(path.slice(path.lastIndexOf('/') + 1))
      if (entry !== undefined && isDirectoryMode(entry.mode)) await enter(path, entry.oid)
    })
    await Promise.all(below)
  }
  await enter('', await commitTree(own, base))
  if (!found.has('')) throw new KageError('KAGE_GIT_FAILED', `${base} is no tree that can be read.`)
  return found
}

/** Reads a directory by the name of its tree; null names an empty one, and what is no tree gives undefined. */
export type ReadTree = (oid: Oid | null) => Promise<TreeEntries | undefined>

/** A reader that reads each directory once. */
export function treeReader(own: Own): ReadTree {
  const read = new Map<Oid | null, Promise<TreeEntries | undefined>>([[null, Promise.resolve(new Map())]])
  return (oid) => {
    const entries = read.get(oid) ?? readTree(own, oid ?? '')
    read.set(oid, entries)
    return entries
  }
}

async function readTree(own: Own, oid: Oid): Promise<TreeEntries | undefined> {
  const [object] = await readObjects(own, [oid])
  return object?.type === 'tree' ? parseTree(object.content, oid.length / 2) : undefined
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
  return isDirectoryMode(entry.mode) ? `${name}/` : name
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
