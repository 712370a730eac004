// A tree's path is bytes to git and text to people: 'caf\udce9' is the latin1 name `caf\xe9`, which is not UTF-8.
import { KageError } from '../error.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import type { ByteString, TreePath } from './change.ts'
import { decodeUtf8, decodeUtf8Escaped, encodeUtf8 } from './utf8.ts'

/** A path as it crosses the socket and as scripts see it: base64 of its bytes where these are not UTF-8. */
export interface WirePath {
  readonly path: string
  readonly pathEncoding?: 'base64'
}

/** The path that git's bytes spell; nothing is lost. */
export function pathOfBytes(bytes: ByteString): TreePath {
  return decodeUtf8Escaped(bytes)
}

/** The bytes of a path for git; throws on a lone surrogate that stands for no byte. */
export function bytesOfPath(path: TreePath): ByteString {
  const bytes = encodeUtf8(path, true)
  if (bytes === null) throw new Error(`No bytes spell the path ${JSON.stringify(path)}`)
  return bytes
}

/** A path in the form for the wire and for JSON. */
export function pathToWire(path: TreePath): WirePath {
  const bytes = bytesOfPath(path)
  const text = decodeUtf8(bytes)
  return text === null ? { path: encodeBase64(bytes), pathEncoding: 'base64' } : { path: text }
}

/** The path of its wire form; refuses what is no path's form. */
export function pathOfWire(wire: WirePath): TreePath {
  const bytes = wire.pathEncoding === 'base64' ? decodeBase64(wire.path) : encodeUtf8(wire.path)
  if (bytes === null) throw new KageError('KAGE_FRAME', 'A path arrived in a form that cannot be read.')
  return pathOfBytes(bytes)
}
