import { KageError } from '../../../core/error.ts'
import { isBinary } from '../../../core/merge/binary.ts'
import { limit } from '../../../core/limit.ts'
import type { Atom, Oid } from '../../../core/merge/change.ts'
import { blobSizes, readBlobs } from '../object/blob.ts'
import { compareTexts, type TextPair } from './compare-texts.ts'
import { withoutCopies } from './copies.ts'
import { diffOptions, diffTrees, patchOptions, renameOptions } from './diff.ts'
import type { Own } from '../repository/own.ts'
import { pairOf, parsePatches, type RawRecord, type TreePatch } from './patch.ts'
import { isPointer, withoutPointers } from './pointers.ts'

type TreePair = readonly [old: Oid, now: Oid]

/** Compares pairs of trees: their entries and, of each text that both have, its changes. A text that is too large has a reason. */
export async function compareTrees(own: Own, pairs: readonly TreePair[]): Promise<TreePatch[]> {
  if (pairs.length === 0) return []
  const patches = (await patchesAtOnce(own, pairs)) ?? (await patchesApart(own, pairs))
  return withoutPointers(own, await withoutCopies(own, patches))
}

/** All comparisons by one process; null where a text is large, or where they take too long. */
async function patchesAtOnce(own: Own, pairs: readonly TreePair[]): Promise<TreePatch[] | null> {
  if (await hasLarge(own, pairs)) return null
  try {
    return parsePatches(await diffTrees(own, patchOptions, pairs, limit.compareMs))
  } catch (thrown) {
    if (thrown instanceof KageError && thrown.code === 'KAGE_TIMEOUT') return null
    throw thrown
  }
}

/** Whether a file that has a former content is large. */
async function hasLarge(own: Own, pairs: readonly TreePair[]): Promise<boolean> {
  const patches = parsePatches(await diffTrees(own, ['--raw', ...diffOptions], pairs))
  const changed = patches.flatMap(({ records }) => records.filter(({ status }) => status !== 'A'))
  const sizes = await blobSizes(
    own,
    changed.flatMap(({ oldOid, newOid }) => [oldOid, newOid]),
  )
  return [...sizes.values()].some((size) => size > limit.histogramBytes)
}

/** The entries first, then their texts, of which each large one is compared by itself. */
async function patchesApart(own: Own, pairs: readonly TreePair[]): Promise<TreePatch[]> {
  const patches = parsePatches(await diffTrees(own, ['--raw', ...renameOptions], pairs))
  const records = patches.flatMap((patch) => patch.records)
  const edited = new Map(
    records
      .filter(isEdited)
      .map(({ oldOid, newOid }) => [pairOf(oldOid, newOid), [oldOid, newOid] as TextPair]),
  )
  const [compared, added] = await Promise.all([
    compareTexts(own, [...edited.values()], patchOptions),
    addedTexts(own, records.filter(isAdded)),
  ])
  const texts = new Map([...compared.texts, ...added])
  return patches.map((patch) => ({ records: patch.records, texts, reasons: compared.reasons }))
}

/** New files, as a comparison tells them: without changes, or null for what is no text. */
async function addedTexts(own: Own, added: readonly RawRecord[]): Promise<[string, Atom[] | null][]> {
  const contents = await readBlobs(
    own,
    added.map(({ newOid }) => newOid),
  )
  return added.map(({ oldOid, newOid }) => {
    const content = contents.get(newOid) ?? ''
    return [pairOf(oldOid, newOid), isBinary(content) || isPointer(content) ? null : []]
  })
}

function isEdited({ oldMode, newMode, oldOid, newOid }: RawRecord): boolean {
  return oldMode.startsWith('100') && newMode.startsWith('100') && oldOid !== newOid
}

function isAdded({ status, newMode }: RawRecord): boolean {
  return status === 'A' && newMode.startsWith('100')
}
