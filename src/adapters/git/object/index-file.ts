// An index as git's gitformat-index describes it: 'DIRC', version, count; per entry 40 bytes of stat, the object name,
// 16 flags (0x8000 assume-unchanged, 0x4000 extended, 0x3000 stage), with `extended` 16 more, the path and its padding
// (version 4: how much to drop from the path before, then the rest of this one); extensions; a hash of all before it.
import { createHash } from 'node:crypto'
import type { ByteString } from '../../../core/merge/change.ts'
import type { ObjectFormat } from '../command/object.ts'

/** What a private copy of an index needs before it can be trusted to see every edit. */
export interface IndexCopy {
  /** The bytes with assume-unchanged cleared everywhere. */
  readonly bytes: Buffer
  /** Paths that a merge left undecided. */
  readonly unmerged: readonly ByteString[]
  /** Its entries lie in a second file. */
  readonly split: boolean
}

/** Reads an index and clears assume-unchanged in a copy; null when it is no index that git 2.39 writes. */
export function readIndex(source: Buffer, format: ObjectFormat): IndexCopy | null {
  const oidBytes = format === 'sha1' ? 20 : 32
  if (source.length < 12 + oidBytes || source.toString('latin1', 0, 4) !== 'DIRC') return null
  const bytes = Buffer.from(source)
  const walked = walk(bytes, oidBytes)
  if (walked === null) return null
  if (walked.cleared) sign(bytes, format, oidBytes)
  return { bytes, unmerged: [...walked.unmerged], split: hasExtension(bytes, walked.end, oidBytes, 'link') }
}

interface Walked {
  readonly unmerged: ReadonlySet<ByteString>
  readonly cleared: boolean
  readonly end: number
}

function walk(bytes: Buffer, oidBytes: number): Walked | null {
  const version = bytes.readUInt32BE(4)
  if (version < 2 || version > 4) return null
  const unmerged = new Set<ByteString>()
  const limit = bytes.length - oidBytes
  let at = 12
  let cleared = false
  let path = ''
  for (let count = bytes.readUInt32BE(8); count > 0; count--) {
    const flagsAt = at + 40 + oidBytes
    if (flagsAt + 4 > limit) return null
    const flags = bytes.readUInt16BE(flagsAt)
    const pathAt = flagsAt + ((flags & 0x4000) === 0 ? 2 : 4)
    const named = version === 4 ? compressedPath(bytes, pathAt, path) : plainPath(bytes, pathAt, at)
    if (named === null || named.next > limit) return null
    if ((flags & 0x8000) !== 0) {
      bytes.writeUInt16BE(flags & 0x7fff, flagsAt)
      cleared = true
    }
    path = named.path
    if ((flags & 0x3000) !== 0) unmerged.add(path)
    at = named.next
  }
  return { unmerged, cleared, end: at }
}

interface Named {
  readonly path: ByteString
  readonly next: number
}

function plainPath(bytes: Buffer, pathAt: number, entryAt: number): Named | null {
  const end = bytes.indexOf(0, pathAt)
  if (end === -1) return null
  return {
    path: bytes.toString('latin1', pathAt, end),
    next: entryAt + Math.floor((end - entryAt) / 8 + 1) * 8,
  }
}

function compressedPath(bytes: Buffer, pathAt: number, before: ByteString): Named | null {
  let at = pathAt
  let byte = bytes[at++] ?? 0
  let drop = byte & 127
  while ((byte & 128) !== 0) {
    byte = bytes[at++] ?? 0
    drop = (drop + 1) * 128 + (byte & 127)
  }
  const end = bytes.indexOf(0, at)
  if (end === -1 || drop > before.length) return null
  return { path: before.slice(0, before.length - drop) + bytes.toString('latin1', at, end), next: end + 1 }
}

function hasExtension(bytes: Buffer, start: number, oidBytes: number, name: string): boolean {
  for (let at = start; at + 8 <= bytes.length - oidBytes; at += 8 + bytes.readUInt32BE(at + 4)) {
    if (bytes.toString('latin1', at, at + 4) === name) return true
  }
  return false
}

function sign(bytes: Buffer, format: ObjectFormat, oidBytes: number): void {
  const body = bytes.subarray(0, bytes.length - oidBytes)
  createHash(format).update(body).digest().copy(bytes, body.length)
}
