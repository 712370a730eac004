import type { Atom, ByteString, Entry, Oid } from '../../core/merge/change.ts'
import { diffTrees } from './diff.ts'
import { objectWriter } from './object-store.ts'
import type { Own } from './own.ts'
import { parsePatches } from './patch.ts'
import { treeObject } from './tree.ts'

/** How texts differ, each from its other, as two trees with a file for each pair that are compared by some options of diff.ts; null for what git holds for binary. */
export async function textAtoms(
  own: Own,
  pairs: readonly (readonly [Oid, Oid])[],
  options: readonly string[],
): Promise<(from: Oid, to: Oid) => readonly Atom[] | null> {
  const writer = objectWriter(own)
  const [old = '', now = ''] = [0, 1].map((side) =>
    writer.add(
      treeObject(new Map(pairs.map((pair, at): [ByteString, Entry] => [String(at), plain(pair[side])]))),
    ),
  )
  await writer.flush()
  const [patch] = parsePatches(await diffTrees(own, options, [[old, now]]))
  return (from, to) => (from === to ? [] : (patch?.texts.get(`${from}..${to}`) ?? null))
}

function plain(oid: Oid | undefined): Entry {
  return { mode: '100644', oid: oid ?? '' }
}
