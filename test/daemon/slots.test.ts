import { expect, test } from 'vitest'
import { Slots } from '../../src/daemon/slots.ts'

test('no more than there are slots for run at once, in the order they came', async () => {
  const slots = new Slots(2)
  const begun: number[] = []
  const doors = [0, 1, 2, 3].map(() => Promise.withResolvers<void>())
  const all = doors.map(({ promise }, number) =>
    slots.run(async () => {
      begun.push(number)
      await promise
    }),
  )
  await Promise.resolve()
  expect(begun).toEqual([0, 1])
  doors[1]?.resolve()
  await all[1]
  expect(begun).toEqual([0, 1, 2])
  for (const door of doors) door.resolve()
  await Promise.all(all)
  expect(begun).toEqual([0, 1, 2, 3])
})

test('work that fails gives its slot back', async () => {
  const slots = new Slots(1)
  await expect(slots.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await slots.run(() => Promise.resolve('next'))).toBe('next')
})
