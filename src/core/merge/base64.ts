import type { ByteString } from './change.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const wellFormed = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Bytes in base64 with padding. */
export function encodeBase64(bytes: ByteString): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) text += encodeGroup(bytes, at)
  return text
}

/** The bytes of a base64 text with padding, or null where it is none. */
export function decodeBase64(text: string): ByteString | null {
  if (!wellFormed.test(text)) return null
  let bytes = ''
  for (let at = 0; at < text.length; at += 4) bytes += decodeGroup(text, at)
  return bytes
}

function encodeGroup(bytes: ByteString, at: number): string {
  const rest = bytes.length - at
  const first = bytes.charCodeAt(at)
  const second = rest > 1 ? bytes.charCodeAt(at + 1) : 0
  const third = rest > 2 ? bytes.charCodeAt(at + 2) : 0
  const digits = [
    first >> 2,
    ((first & 3) << 4) | (second >> 4),
    ((second & 15) << 2) | (third >> 6),
    third & 63,
  ]
  return digits.map((digit, index) => (index > rest ? '=' : alphabet[digit])).join('')
}

function decodeGroup(text: string, at: number): ByteString {
  const digit = (index: number): number => Math.max(0, alphabet.indexOf(text[at + index] ?? ''))
  const group = (digit(0) << 18) | (digit(1) << 12) | (digit(2) << 6) | digit(3)
  const bytes = String.fromCharCode(group >> 16, (group >> 8) & 255, group & 255)
  return bytes.slice(0, text[at + 2] === '=' ? 1 : text[at + 3] === '=' ? 2 : 3)
}
