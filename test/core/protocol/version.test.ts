import { expect, test } from 'vitest'
import { isOlder } from '../../../src/core/protocol/version.ts'

test('builds are ordered by protocol, then by version', () => {
  const order = ['1 0.1.0', '1 0.1.2', '1 0.1.10', '1 0.2.0', '1 1.0.0-rc', '2 0.1.0'].map((text) => {
    const [protocol, version = ''] = text.split(' ')
    return { protocol: Number(protocol), version }
  })
  for (const [at, one] of order.entries())
    for (const [beside, other] of order.entries()) expect(isOlder(one, other)).toBe(at < beside)
})
