// The base is kept against what the agents have made of a region by then: what one makes of it later is news. So a region is
// kept by its key and short hashes of its variants, `key#1f0c…,93ab…`; a key alone stands for whatever they were.
import { createHash } from 'node:crypto'
import type { RegionView } from '../../core/merge/region-view.ts'

type Kept = ReadonlySet<string>

/** A region by the name under which its base is kept. */
export function keptName(region: RegionView): string {
  return `${region.key}#${hashesOf(region).join()}`
}

/** All names under which the base of a region is kept, whatever its variants were then. */
export function keptNames(kept: Kept, { key }: RegionView): readonly string[] {
  return byKey(kept).get(key) ?? []
}

/** Whether there is a variant that was not there when the base of a region was kept. */
export function isKeptStale(kept: Kept, region: RegionView): boolean {
  const names = keptNames(kept, region)
  if (names.length === 0 || names.includes(region.key)) return false
  const known = new Set(names.flatMap((name) => name.slice(region.key.length + 1).split(',')))
  return hashesOf(region).some((hash) => !known.has(hash))
}

const known = new WeakMap<Kept, ReadonlyMap<string, readonly string[]>>()

function byKey(kept: Kept): ReadonlyMap<string, readonly string[]> {
  const names = known.get(kept) ?? Map.groupBy(kept, (name) => name.replace(/#[0-9a-f,]*$/, ''))
  known.set(kept, names)
  return names
}

function hashesOf(region: RegionView): string[] {
  const made =
    region.kind === 'text'
      ? region.variants.map(({ text }) => text)
      : region.variants.map(({ entry, to }) => JSON.stringify([entry?.mode, entry?.oid, to]))
  return made.map((each) => createHash('sha1').update(each, 'latin1').digest('hex').slice(0, 8)).toSorted()
}
