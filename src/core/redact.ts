// A secret is found as it is, in base64 wherever it begins among other bytes, URL-encoded, and as JSON spells it.
import { encodeBase64 } from './merge/base64.ts'
import { encodeUtf8 } from './merge/utf8.ts'

/** Gives back a text without the secrets it was made for. */
export type Redact = (text: string) => string

/** The same for a text that comes in pieces: what could be the beginning of a secret is held back until more comes. */
export interface RedactStream {
  readonly push: (piece: string) => string
  /** The last piece, held back until now. */
  readonly end: () => string
}

/** What stands in place of a secret. */
const redactedMark = '[redacted]'

/** Makes a redactor; secrets of fewer than 8 characters are ignored, since they would tear up ordinary text. */
export function makeRedactor(secrets: readonly string[]): Redact {
  const pattern = patternOf(secrets.flatMap(formsOf))
  return (text) => (pattern === null ? text : text.replace(pattern, redactedMark))
}

/** Makes a redactor for one text that comes in pieces. */
export function makeRedactStream(secrets: readonly string[]): RedactStream {
  const forms = [...new Set(secrets.flatMap(formsOf))]
  const pattern = patternOf(forms)
  let held = ''
  const push = (piece: string): string => {
    if (pattern === null) return piece
    const text = held + piece
    const parts: string[] = []
    let done = 0
    for (const match of text.matchAll(pattern)) {
      // A longer form may still become of what begins here, or earlier.
      if (text.length - heldLength(text.slice(done), forms) <= match.index) break
      parts.push(text.slice(done, match.index), redactedMark)
      done = match.index + match[0].length
    }
    held = text.slice(text.length - heldLength(text.slice(done), forms))
    return parts.join('') + text.slice(done, text.length - held.length)
  }
  const end = (): string => {
    const last = pattern === null ? held : held.replace(pattern, redactedMark)
    held = ''
    return last
  }
  return { push, end }
}

/** The variables of an environment whose names say that they hold a secret, beside those that are named. */
export function secretNames(
  environment: Readonly<Record<string, unknown>>,
  named: readonly string[],
): string[] {
  return Object.keys(environment).filter((name) => named.includes(name) || tellingName.test(name))
}

const tellingName = /(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i
const secretCharactersMin = 8

function patternOf(forms: readonly string[]): RegExp | null {
  const longestFirst = [...new Set(forms)].toSorted((a, b) => b.length - a.length)
  if (longestFirst.length === 0) return null
  return new RegExp(longestFirst.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g')
}

function formsOf(secret: string): string[] {
  if (secret.length < secretCharactersMin) return []
  const encoded = encodeUtf8(secret) === null ? [] : [encodeURIComponent(secret)]
  const lower = encoded.map((text) => text.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()))
  return [secret, JSON.stringify(secret).slice(1, -1), ...encoded, ...lower, ...base64FormsOf(secret)]
}

/** What of the base64 does not depend on the bytes around the secret, for each of the three places it can begin at. */
function base64FormsOf(secret: string): string[] {
  const bytes = encodeUtf8(secret)
  if (bytes === null) return []
  return [0, 1, 2].flatMap((before) => {
    const first = Math.ceil((before * 8) / 6)
    const last = Math.floor(((before + bytes.length) * 8) / 6)
    const text = encodeBase64('\0'.repeat(before) + bytes).slice(first, last)
    return [text, text.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

function beginsLonger(text: string, forms: readonly string[]): boolean {
  return forms.some((form) => form.length > text.length && form.startsWith(text))
}

function heldLength(text: string, forms: readonly string[]): number {
  const longest = forms.reduce((most, form) => Math.max(most, form.length), 0)
  for (let length = Math.min(text.length, longest); length > 0; length--) {
    if (beginsLonger(text.slice(-length), forms)) return length
  }
  return 0
}
