import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import type { ByteString, Oid } from '../../core/merge/change.ts'
import { git } from './git.ts'
import type { Own } from './own.ts'

/** Texts by their names, the last ones read; a name stands for the same text in every repository. */
const kept = new Map<Oid, ByteString>()
let keptBytes = 0

/** Reads the exact bytes of blobs, all of them by one process at most; fails when one is missing or no blob. */
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

/** The sizes in bytes of those names that are blobs here, by one process at most. */
export async function blobSizes(own: Own, oids: readonly Oid[]): Promise<Map<Oid, number>> {
  const digits = own.objectFormat === 'sha1' ? 40 : 64
  const sizes = new Map<Oid, number>()
  const asked = [...new Set(oids)].filter((oid) => oid.length === digits)
  for (const oid of asked) {
    const text = kept.get(oid)
    if (text !== undefined) sizes.set(oid, text.length)
  }
  const unknown = asked.filter((oid) => !sizes.has(oid))
  if (unknown.length === 0) return sizes
  const input = unknown.map((oid) => `${oid}\n`).join('')
  const { stdout } = await git(own.place, ['cat-file', '--batch-check'], { input })
  for (const line of stdout.toString('latin1').split('\n')) {
    const [oid = '', type, size] = line.split(' ')
    if (type === 'blob') sizes.set(oid, Number(size))
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
  const blobs = new Map<Oid, ByteString>()
  const input = wanted.map((oid) => `${oid}\n`).join('')
  const { stdout } = await git(own.place, ['cat-file', '--batch'], { input })
  let at = 0
  for (const oid of wanted) {
    const headEnd = stdout.indexOf(0x0a, at)
    const [, type, size = ''] = stdout.toString('latin1', at, headEnd).split(' ')
    if (type !== 'blob') throw new KageError('KAGE_GIT_FAILED', `The blob ${oid} is missing.`)
    const end = headEnd + 1 + Number(size)
    blobs.set(oid, stdout.toString('latin1', headEnd + 1, end))
    at = end + 1
  }
  return blobs
}
