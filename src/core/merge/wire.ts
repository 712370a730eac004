import { KageError } from '../error.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import type { ByteString } from './change.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'

/** Content as it crosses the socket and as scripts see it: text where its bytes are UTF-8, else base64. */
export interface WireText {
  readonly text: string
  readonly encoding: 'utf-8' | 'base64'
}

/** Content in the form for the wire and for JSON. */
export function textToWire(bytes: ByteString): WireText {
  const text = decodeUtf8(bytes)
  return text === null ? { text: encodeBase64(bytes), encoding: 'base64' } : { text, encoding: 'utf-8' }
}

/** The content of its wire form; refuses what cannot be read. */
export function textOfWire(wire: WireText): ByteString {
  const bytes = wire.encoding === 'base64' ? decodeBase64(wire.text) : encodeUtf8(wire.text)
  if (bytes === null) throw new KageError('KAGE_FRAME', `A text arrived that is not ${wire.encoding}.`)
  return bytes
}
