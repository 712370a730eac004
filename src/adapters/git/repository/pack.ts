// The pack format, version 2, whole objects only: 'PACK', version, count, then per object its type and size in
// groups of 7 bits (the first byte holds type and 4 bits) and the deflated content; last the hash of all before it.
import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import type { GitObject, ObjectFormat } from '../command/object.ts'

const types = { commit: 1, tree: 2, blob: 3 } as const

/** A pack file that holds these objects. */
export function packOf(format: ObjectFormat, objects: readonly GitObject[]): Buffer {
  const head = Buffer.from('PACK\0\0\0\u0002\0\0\0\0', 'latin1')
  head.writeUInt32BE(objects.length, 8)
  const parts = [head, ...objects.flatMap(packed)]
  const hash = createHash(format)
  for (const part of parts) hash.update(part)
  return Buffer.concat([...parts, hash.digest()])
}

function packed(object: GitObject): [Buffer, Buffer] {
  return [sizeBytes(types[object.type], object.content.length), deflateSync(object.content, { level: 1 })]
}

function sizeBytes(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 15)]
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push((bytes.pop() ?? 0) | 128, rest & 127)
  }
  return Buffer.from(bytes)
}
