// Where a file goes and several new ones are like it, git calls one of them its new path and the others its copies. A copy
// is a new file: nothing of it belongs to the file that it is like.
import { isBinary } from '../../../core/merge/binary.ts'
import { readBlobs } from '../object/blob.ts'
import type { Own } from '../repository/own.ts'
import type { RawRecord, TreePatch } from './patch.ts'
import { isPointer } from './pointers.ts'

/** Comparisons with each copy as a new file. */
export async function withoutCopies(own: Own, patches: readonly TreePatch[]): Promise<TreePatch[]> {
  const copied = patches.flatMap(({ records }) => records.filter(isFileCopy).map(({ newOid }) => newOid))
  const contents = await readBlobs(own, copied)
  return patches.map(({ records, texts, ...patch }) => {
    const known = new Map(texts)
    const plain = records.map((record) => {
      if (!isCopy(record)) return record
      const added = { ...record, path: record.to ?? record.path, oldMode: '000000', oldOid: '', status: 'A' }
      const content = contents.get(record.newOid) ?? ''
      known.set(`..${record.newOid}`, isBinary(content) || isPointer(content) ? null : [])
      return added
    })
    return { ...patch, records: plain, texts: known }
  })
}

function isCopy({ status }: RawRecord): boolean {
  return status.startsWith('C')
}

function isFileCopy(record: RawRecord): boolean {
  return isCopy(record) && record.newMode.startsWith('100')
}
