import type { ByteString, Oid } from '../../../core/merge/change.ts'
import type { ObjectFormat } from '../command/object.ts'

/** An entry of an index file, as far as a capture needs it. */
export interface IndexEntry {
  readonly path: ByteString
  readonly mode: number
  readonly oid: Oid
  /** 0, or 1 to 3 where a merge left the path undecided. */
  readonly stage: number
  readonly skipWorktree: boolean
}

/** Lists the entries of an index of version 2 to 4 (the format is in index-file.ts); null for anything else. Entries of a split index are only those of this file. */
export function indexEntries(source: Buffer, format: ObjectFormat): IndexEntry[] | null {
  const oidBytes = format === 'sha1' ? 20 : 32
  if (source.length < 12 + oidBytes || source.toString('latin1', 0, 4) !== 'DIRC') return null
  const version = source.readUInt32BE(4)
  if (version < 2 || version > 4) return null
  const reader = { source, version, oidBytes, end: source.length - oidBytes }
  const entries: IndexEntry[] = []
  let at = 12
  for (let count = source.readUInt32BE(8); count > 0; count--) {
    const read = entryAt(reader, at, entries.at(-1)?.path ?? '')
    if (read === null) return null
    entries.push(read.entry)
    at = read.next
  }
  return entries
}

interface Reader {
  readonly source: Buffer
  readonly version: number
  readonly oidBytes: number
  readonly end: number
}

function entryAt(
  { source, version, oidBytes, end }: Reader,
  at: number,
  before: ByteString,
): { readonly entry: IndexEntry; readonly next: number } | null {
  const flagsAt = at + 40 + oidBytes
  if (flagsAt + 4 > end) return null
  const flags = source.readUInt16BE(flagsAt)
  const isExtended = (flags & 0x4000) !== 0
  const pathAt = flagsAt + (isExtended ? 4 : 2)
  const named = version === 4 ? compressed(source, pathAt, before) : plain(source, pathAt, at)
  if (named === null || named.next > end) return null
  const skipWorktree = isExtended && (source.readUInt16BE(flagsAt + 2) & 0x4000) !== 0
  const oid = source.toString('hex', at + 40, flagsAt)
  const stage = (flags & 0x3000) >> 12
  return {
    entry: { path: named.path, mode: source.readUInt32BE(at + 24), oid, stage, skipWorktree },
    next: named.next,
  }
}

interface Named {
  readonly path: ByteString
  readonly next: number
}

function plain(source: Buffer, pathAt: number, entryStart: number): Named | null {
  const end = source.indexOf(0, pathAt)
  if (end === -1) return null
  const padded = entryStart + Math.floor((end - entryStart) / 8 + 1) * 8
  return { path: source.toString('latin1', pathAt, end), next: padded }
}

function compressed(source: Buffer, pathAt: number, before: ByteString): Named | null {
  let at = pathAt
  let byte = source[at++] ?? 0
  let drop = byte & 127
  while ((byte & 128) !== 0 && drop <= before.length) {
    byte = source[at++] ?? 0
    drop = (drop + 1) * 128 + (byte & 127)
  }
  const end = source.indexOf(0, at)
  if (end === -1 || drop > before.length) return null
  return { path: before.slice(0, before.length - drop) + source.toString('latin1', at, end), next: end + 1 }
}
