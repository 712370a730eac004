import { createHash } from 'node:crypto'
import type { ByteString, Oid } from '../core/merge/change.ts'

/** The name git would give a text, in the repository's object format; the text itself is stored nowhere. */
export function blobId(text: ByteString, objectFormat: 'sha1' | 'sha256'): Oid {
  return createHash(objectFormat)
    .update(`blob ${text.length}\0`, 'latin1')
    .update(text, 'latin1')
    .digest('hex')
}
