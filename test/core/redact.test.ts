import { array, constantFrom, nat, oneof, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { makeRedactor, makeRedactStream, secretNames } from '../../src/core/redact.ts'
import { holds } from '../support/property.ts'

const key = 'sk-planted/Key+1 2"3'

test('a secret is taken out as it is, URL-encoded and as JSON spells it', () => {
  const redact = makeRedactor([key])
  expect(redact(`a ${key} b ${key}`)).toBe('a [redacted] b [redacted]')
  expect(redact(encodeURIComponent(key))).toBe('[redacted]')
  expect(redact(encodeURIComponent(key).toLowerCase().replace('key', 'Key'))).toBe('[redacted]')
  expect(redact(JSON.stringify({ key }))).toBe('{"key":"[redacted]"}')
})

test('a secret in base64 is found wherever it begins among other bytes', () => {
  const redact = makeRedactor([key])
  for (const before of ['', 'u', 'us', 'user:', 'x'.repeat(40)]) {
    for (const after of ['', '1', '22', 'more behind it']) {
      const bytes = Buffer.from(before + key + after)
      for (const encoding of ['base64', 'base64url'] as const) {
        const text = redact(bytes.toString(encoding))
        expect(text).toContain('[redacted]')
        expect(Buffer.from(text.replace('[redacted]', ''), encoding).toString('latin1')).not.toContain(
          'planted',
        )
      }
    }
  }
})

test('a text without the secret stays as it is, and a short secret is ignored', () => {
  expect(makeRedactor([key, 'short', ''])('a short text')).toBe('a short text')
  expect(makeRedactor([])('anything')).toBe('anything')
  expect(makeRedactStream(['short']).push('a short text')).toBe('a short text')
})

test('a text in pieces is redacted as the whole is, wherever it is cut', () => {
  const secrets = ['abab1abab', 'abab1abab-longer', 'ccccccccc']
  const words = oneof(constantFrom(...secrets, 'abab', 'ccc', '1'), string({ maxLength: 3 }))
  holds(
    property(array(words, { maxLength: 12 }), array(nat({ max: 9 }), { minLength: 1 }), (parts, cuts) => {
      const text = parts.join('')
      expect(streamed(text, secrets, cuts)).toBe(makeRedactor(secrets)(text))
    }),
  )
})

test('nothing of a secret leaves before it is known not to be one', () => {
  const stream = makeRedactStream([key])
  expect(stream.push(`see ${key.slice(0, 9)}`)).toBe('see ')
  expect(stream.push(`${key.slice(9)} here`)).toBe('[redacted] here')
  expect(stream.push('sk-pl')).toBe('')
  expect(stream.end()).toBe('sk-pl')
})

test('variables that hold a secret are known by their names', () => {
  const environment = { PATH: '', MY_TOKEN: '', OPENAI_API_KEY: '', KEYBOARD: '', odd: '' }
  expect(secretNames(environment, ['odd'])).toEqual(['MY_TOKEN', 'OPENAI_API_KEY', 'odd'])
})

function streamed(text: string, secrets: readonly string[], cuts: readonly number[]): string {
  const stream = makeRedactStream(secrets)
  let result = ''
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = 1 + (cuts[turn % cuts.length] ?? 0)
    result += stream.push(text.slice(at, at + size))
    at += size
  }
  return result + stream.end()
}
