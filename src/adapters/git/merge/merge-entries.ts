// Where no entry of a tree was changed by both sides, taking from each side what it changed is the merge: git comes to the same
// tree, however it follows renames, since nothing that one side moved was touched by the other. Only the directories that both
// sides changed are read, whatever else differs, and no process is started.
import type { ByteString, Entry, Oid } from '../../../core/merge/change.ts'
import type { Merge } from './merge.ts'
import { objectWriter, type ObjectWriter } from '../object/object-store.ts'
import type { Own } from '../repository/own.ts'
import { directoryMode, type TreeEntries, treeObject, treeReader, type ReadTree } from '../object/tree.ts'

/** Merges the trees of each triple of which no entry was changed by both sides; null for the others. */
export async function mergeEntries(own: Own, merges: readonly Merge[]): Promise<(Oid | null)[]> {
  const read = treeReader(own)
  const writer = objectWriter(own)
  const settled = await Promise.all(
    merges.map(async (merge) => obvious(merge) ?? settleDirectory({ read, isOpen: true }, merge)),
  )
  const trees = settled.map((tree) =>
    tree === null || typeof tree === 'string' ? tree : write(writer, tree),
  )
  await writer.flush()
  return trees
}

function obvious({ base, ours, theirs }: Merge): Oid | null {
  if (ours === theirs || theirs === base) return ours
  return ours === base ? theirs : null
}

/** A directory as it comes out: of each entry one side's, or a directory that neither side has so. */
type Settled = ReadonlyMap<ByteString, Entry | Settled>

interface Sides<Value> {
  readonly base: Value
  readonly ours: Value
  readonly theirs: Value
}

/** One merge that is being settled; what is found anywhere in it not to be settled so ends the reading. */
interface Settling {
  readonly read: ReadTree
  isOpen: boolean
}

async function settleDirectory(settling: Settling, oids: Sides<Oid | null>): Promise<Settled | null> {
  if (!settling.isOpen) return null
  const [base, ours, theirs] = await Promise.all([oids.base, oids.ours, oids.theirs].map(settling.read))
  const found =
    base === undefined || ours === undefined || theirs === undefined
      ? null
      : await settleEntries(settling, { base, ours, theirs })
  if (found === null) settling.isOpen = false
  return found
}

async function settleEntries(
  settling: Settling,
  { base, ours, theirs }: Sides<TreeEntries>,
): Promise<Settled | null> {
  const settled = new Map<ByteString, Entry | Settled>()
  const open = new Map<ByteString, Sides<Oid | null>>()
  for (const name of new Set([...ours.keys(), ...theirs.keys(), ...base.keys()])) {
    const sides = { base: base.get(name), ours: ours.get(name), theirs: theirs.get(name) }
    const changedBy = whoChanged(sides)
    if (changedBy === 'both') {
      const below = directoriesOf(sides)
      if (below === null) return null
      open.set(name, below)
    } else {
      const entry = sides[changedBy]
      if (entry !== undefined && !modes.includes(entry.mode)) return null
      if (entry !== undefined) settled.set(name, entry)
    }
  }
  const inside = await Promise.all(
    [...open].map(async ([name, below]) => [name, await settleDirectory(settling, below)] as const),
  )
  for (const [name, entries] of inside) {
    if (entries === null) return null
    if (entries.size > 0) settled.set(name, entries)
  }
  return settled
}

// Very old trees have modes that git writes otherwise when it writes them anew.
const modes: readonly string[] = [directoryMode, '100644', '100755', '120000', '160000']

/** Whose entry it is; the same change of a file on both sides is either's, but a removal or a new name may be half of a rename. */
function whoChanged({ base, ours, theirs }: Sides<Entry | undefined>): 'ours' | 'theirs' | 'both' {
  if (isSame(ours, base)) return 'theirs'
  if (isSame(theirs, base)) return 'ours'
  const isFile = base !== undefined && ours !== undefined && !isDirectory(base) && !isDirectory(ours)
  return isFile && isSame(ours, theirs) ? 'ours' : 'both'
}

/** The directories of an entry that both sides have as one; null where it is anything else on any side. */
function directoriesOf({ base, ours, theirs }: Sides<Entry | undefined>): Sides<Oid | null> | null {
  if (ours === undefined || theirs === undefined) return null
  if (![base ?? ours, ours, theirs].every(isDirectory)) return null
  return { base: base?.oid ?? null, ours: ours.oid, theirs: theirs.oid }
}

function isDirectory({ mode }: Entry): boolean {
  return mode === directoryMode
}

function isSame(left: Entry | undefined, right: Entry | undefined): boolean {
  return left?.oid === right?.oid && left?.mode === right?.mode
}

function write(writer: ObjectWriter, settled: Settled): Oid {
  const entries: TreeEntries = new Map(
    [...settled].map(([name, entry]) => [
      name,
      'oid' in entry ? entry : { mode: directoryMode, oid: write(writer, entry) },
    ]),
  )
  return writer.add(treeObject(entries))
}
