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
