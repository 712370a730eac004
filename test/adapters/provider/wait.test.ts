import { expect, test } from 'vitest'
import { askedWaitMs } from '../../../src/adapters/provider/wait.ts'

const now = Date.parse('2026-03-01T00:00:00Z')

test.each([
  [{}, null],
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': '0.25' }, 250],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after-ms': '1200.4', 'retry-after': '9' }, 1201],
  [{ 'retry-after': 'Sun, 01 Mar 2026 00:01:30 GMT' }, 90_000],
  [{ 'retry-after': 'Sat, 28 Feb 2026 00:00:00 GMT' }, 0],
  [{ 'retry-after': 'soon' }, null],
  [{ 'retry-after': '-5' }, null],
  [{ 'retry-after': 'Infinity' }, null],
] as [Record<string, string>, number | null][])('the headers %j ask for %s ms', (headers, wait) => {
  expect(askedWaitMs((name) => headers[name] ?? null, now)).toBe(wait)
})
