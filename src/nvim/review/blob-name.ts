import { createHash } from 'node:crypto'
import type { ByteString, Oid } from '../../core/merge/change.ts'

/** The name that git gives a content, in the repository's object format. */
export function blobName(content: ByteString, objectFormat: 'sha1' | 'sha256'): Oid {
  const bytes = Buffer.from(content, 'latin1')
  return createHash(objectFormat).update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
