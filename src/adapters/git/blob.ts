import { KageError } from '../../core/error.ts'
import type { ByteString, Oid } from '../../core/merge/change.ts'
import { git } from './git.ts'
import type { Own } from './own.ts'

/** Reads the exact bytes of blobs, all of them by one process; fails when one is missing or no blob. */
export async function readBlobs(own: Own, oids: readonly Oid[]): Promise<Map<Oid, ByteString>> {
  const wanted = [...new Set(oids)]
  const blobs = new Map<Oid, ByteString>()
  if (wanted.length === 0) return blobs
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
