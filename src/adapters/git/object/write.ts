import { KageError } from '../../../core/error.ts'
import type { ByteString, Entry, FileEdit, Oid } from '../../../core/merge/change.ts'
import { objectWriter } from './object-store.ts'
import type { ObjectWriter } from './object-store.ts'
import type { Own } from '../repository/own.ts'
import { parentsOf, treePathBytes } from './tree-path.ts'
import { directoryMode, isDirectoryMode, readDirectories, treeObject } from './tree.ts'
import type { TreeEntries } from './tree.ts'

/** Writes several compositions (a commit or tree and edits of its files) into Kage's own repository and names their trees; the same input gives the same objects. */
export async function writeTrees(
  own: Own,
  base: Oid,
  compositions: readonly (readonly FileEdit[])[],
): Promise<Oid[]> {
  const writer = objectWriter(own)
  const planned = compositions.map((edits) => leavesOf(edits, writer))
  const directories = new Set(planned.flatMap((leaves) => [...leaves.keys()].flatMap(parentsOf)).concat(''))
  const trees = await readDirectories(own, base, directories)
  const written = planned.map(
    (leaves) => writeDirectory({ trees, writer }, '', leaves) ?? writer.add(treeObject(new Map())),
  )
  await writer.flush()
  return written
}

/** What shall be at each path, by its bytes; null removes. */
type Leaves = ReadonlyMap<ByteString, Entry | null>

interface Writing {
  readonly trees: ReadonlyMap<ByteString, TreeEntries>
  readonly writer: ObjectWriter
}

const fileModes: readonly string[] = ['100644', '100755', '120000', '160000']

function leavesOf(edits: readonly FileEdit[], writer: ObjectWriter): Leaves {
  const leaves = new Map<ByteString, Entry | null>()
  for (const edit of edits) {
    const path = treePathBytes(edit.path)
    if (leaves.has(path)) throw clash(path)
    leaves.set(path, 'removed' in edit ? null : entryOf(edit, writer))
  }
  return leaves
}

function entryOf(edit: Exclude<FileEdit, { removed: true }>, writer: ObjectWriter): Entry {
  if (!fileModes.includes(edit.mode)) throw new Error(`No file has the mode ${edit.mode}`)
  if ('oid' in edit) return { mode: edit.mode, oid: edit.oid }
  return { mode: edit.mode, oid: writer.add({ type: 'blob', content: Buffer.from(edit.content, 'latin1') }) }
}

/** The tree of a directory after these changes below it, or null when nothing is left in it. */
function writeDirectory(writing: Writing, directory: ByteString, leaves: Leaves): Oid | null {
  const entries = new Map(writing.trees.get(directory))
  const { files, below } = grouped(leaves)
  for (const name of [...files.keys()].filter((name) => files.get(name) === null)) {
    if (!isDirectoryMode(entries.get(name)?.mode)) entries.delete(name)
  }
  for (const [name, rest] of below) {
    const path = directory === '' ? name : `${directory}/${name}`
    setDirectory(entries, name, writeDirectory(writing, path, rest), path)
  }
  for (const [name, entry] of files) {
    if (entry === null) continue
    if (isDirectoryMode(entries.get(name)?.mode)) throw clash(name)
    entries.set(name, entry)
  }
  return entries.size === 0 ? null : writing.writer.add(treeObject(entries))
}

function setDirectory(
  entries: Map<ByteString, Entry>,
  name: ByteString,
  tree: Oid | null,
  path: string,
): void {
  const before = entries.get(name)
  if (tree === null) {
    if (isDirectoryMode(before?.mode)) entries.delete(name)
    return
  }
  if (before !== undefined && !isDirectoryMode(before.mode)) throw clash(path)
  entries.set(name, { mode: before?.mode ?? directoryMode, oid: tree })
}

function grouped(leaves: Leaves): { files: Map<ByteString, Entry | null>; below: Map<ByteString, Leaves> } {
  const files = new Map<ByteString, Entry | null>()
  const below = new Map<ByteString, Map<ByteString, Entry | null>>()
  for (const [path, entry] of leaves) {
    const slash = path.indexOf('/')
    if (slash === -1) {
      files.set(path, entry)
      continue
    }
    const name = path.slice(0, slash)
    const rest = below.get(name) ?? new Map<ByteString, Entry | null>()
    below.set(name, rest.set(path.slice(slash + 1), entry))
  }
  return { files, below }
}

function clash(path: string): KageError {
  return new KageError(
    'KAGE_PATH_INVALID',
    `Two of these changes cannot both hold at ${JSON.stringify(path)}.`,
  )
}
