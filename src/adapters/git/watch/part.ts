import { createHash } from 'node:crypto'
import { lstat, readlink } from 'node:fs/promises'
import type { AlarmKind, WatchedPart } from '../../../core/alarm.ts'
import { limit } from '../../../core/limit.ts'
import { readRegular } from '../command/regular-file.ts'

/** A part with this content. */
export function partOf(kind: AlarmKind, subject: string, content: string): WatchedPart {
  return { kind, subject, hash: hashOf(content), text: content }
}

/** A file or link as a part, with its mode where that decides whether it runs; null where nothing lies there. */
export async function filePart(kind: AlarmKind, subject: string, path: string): Promise<WatchedPart | null> {
  const found = await lstat(path).catch(() => null)
  if (found === null) return null
  if (found.isSymbolicLink()) return partOf(kind, subject, `a link to ${await readlink(path)}`)
  if (!found.isFile()) return null
  const mode = kind === 'hook' ? `mode ${(found.mode & 0o777).toString(8)}\n` : ''
  if (found.size > limit.guardedFileBytes)
    return partOf(kind, subject, `${mode}${found.size} bytes, written ${found.mtime.toISOString()}`)
  const read = await readRegular(path)
  return read === null ? null : bytesPart(kind, subject, mode, read.bytes)
}

/** A hook with these bits of its mode, in octal, and this content. */
export function hookPart(subject: string, bits: string, bytes: Buffer): WatchedPart {
  return bytesPart('hook', subject, `mode ${bits}\n`, bytes)
}

function bytesPart(kind: AlarmKind, subject: string, mode: string, bytes: Buffer): WatchedPart {
  const text = bytes.includes(0) ? `${bytes.length} bytes, not a text` : bytes.toString('utf8')
  return { kind, subject, hash: hashOf(Buffer.concat([Buffer.from(mode), bytes])), text: mode + text }
}

/** The hash by which two states of a part are told apart. */
function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32)
}
