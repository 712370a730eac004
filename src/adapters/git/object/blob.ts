import { KageError } from '../../../core/error.ts'
import { limit } from '../../../core/limit.ts'
import type { ByteString, Oid } from '../../../core/merge/change.ts'
import { readObjects } from './object-reader.ts'
import type { Own } from '../repository/own.ts'

/** Texts by their names, the last ones read; a name stands for the same text in every repository. */
const kept = new Map<Oid, ByteString>()
let keptBytes = 0

/** Reads the exact bytes of blobs, all of them at once; fails when one is missing or no blob. */
export async function readBlobs(own: Own, oids: readonly Oid[]): Promise<Map<Oid, ByteString>> {
  const wanted = [...new Set(oids)]
  const blobs = new Map(wanted.flatMap((oid) => knownText(oid)))
  const missing = wanted.filter((oid) => !blobs.has(oid))
  if (missing.length === 0) return blobs
  for (const [oid, text] of await readByGit(own, missing)) {
    blobs.set(oid, text)
    keep(oid, text)
  }
  return blobs
}

/**
 * The texts of those names that are blobs here; nothing is read where they have more than `bytesMax` together, which is
 * refused.
 */
export async function findBlobs(
  own: Own,
  oids: readonly Oid[],
  bytesMax: number,
): Promise<Map<Oid, ByteString>> {
  const sizes = await blobSizes(own, oids)
  let bytes = 0
  for (const size of sizes.values()) bytes += size
  if (bytes > bytesMax) {
    const message = `These texts have ${bytes} bytes together; ${bytesMax} are the most.`
    throw new KageError('KAGE_LIMIT', message, 'Ask for fewer at once.')
  }
  return readBlobs(own, [...sizes.keys()])
}

/** The sizes in bytes of those names that are blobs here. */
export async function blobSizes(own: Own, oids: readonly Oid[]): Promise<Map<Oid, number>> {
  const digits = own.objectFormat === 'sha1' ? 40 : 64
  const sizes = new Map<Oid, number>()
  const asked = [...new Set(oids)].filter((oid) => oid.length === digits && /^[0-9a-f]+$/.test(oid))
  for (const oid of asked) {
    const text = kept.get(oid)
    if (text !== undefined) sizes.set(oid, text.length)
  }
  const unknown = asked.filter((oid) => !sizes.has(oid))
  if (unknown.length === 0) return sizes
  const found = await readObjects(own, unknown, 'info')
  for (const [at, oid] of unknown.entries()) {
    const object = found[at]
    if (object?.type === 'blob') sizes.set(oid, object.size)
  }
  return sizes
}

function knownText(oid: Oid): [Oid, ByteString][] {
  const text = kept.get(oid)
  return text === undefined ? [] : [[oid, text]]
}

function keep(oid: Oid, text: ByteString): void {
  if (text.length > limit.textsKeptBytes / 4 || kept.has(oid)) return
  kept.set(oid, text)
  keptBytes += text.length
  for (const [oldest, { length }] of kept) {
    if (keptBytes <= limit.textsKeptBytes) return
    kept.delete(oldest)
    keptBytes -= length
  }
}

async function readByGit(own: Own, wanted: readonly Oid[]): Promise<Map<Oid, ByteString>> {
  const objects = await readObjects(own, wanted)
  return new Map(
    wanted.map((oid, at): [Oid, ByteString] => {
      const object = objects[at]
      if (object?.type !== 'blob') throw new KageError('KAGE_GIT_FAILED', `The blob ${oid} is missing.`)
      return [oid, object.content.toString('latin1')]
    }),
  )
}
