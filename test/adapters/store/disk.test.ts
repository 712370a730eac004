import { expect, test } from 'vitest'
import { freeBytes, requireFreeBytes } from '../../../src/adapters/store/disk.ts'
import { temporaryDirectory } from '../../support/temporary.ts'

test('a disk with too little room refuses new work', () => {
  const directory = temporaryDirectory()
  expect(freeBytes(directory)).toBeGreaterThan(0)
  requireFreeBytes(directory, 1)
  expect(() => requireFreeBytes(directory, Number.MAX_SAFE_INTEGER)).toThrow(
    expect.objectContaining({ code: 'KAGE_DISK_LOW' }),
  )
})
