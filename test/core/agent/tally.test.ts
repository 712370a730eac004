import { expect, test } from 'vitest'
import { endGlyphs, endTally } from '../../../src/core/agent/tally.ts'
import type { AgentStatus } from '../../../src/core/state.ts'

function agents(counts: Partial<Record<AgentStatus, number>>): { status: AgentStatus }[] {
  return Object.entries(counts).flatMap(([status, count]) =>
    Array.from({ length: count }, () => ({ status: status as AgentStatus })),
  )
}

test.each([
  [{ done: 3 }, null, '3✓'],
  [{ working: 2, waiting: 1 }, null, ''],
  [{ done: 1, failed: 7 }, '1 of 8 done, 7 failed', '1✓ 7✗'],
  [{ failed: 2, stopped: 1 }, '0 of 3 done, 2 failed, 1 stopped', '2✗ 1■'],
  [{ working: 1, failed: 1 }, '0 of 2 done, 1 failed', '1✗'],
])('%j is counted as %s and shown as %s', (counts, tally, glyphs) => {
  expect(endTally(agents(counts))).toBe(tally)
  expect(endGlyphs(agents(counts))).toBe(glyphs)
})
