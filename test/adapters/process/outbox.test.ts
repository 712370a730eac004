import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { array, constantFrom, integer, oneof, property, string, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { Outboxes } from '../../../src/adapters/process/outbox.ts'
import { limit } from '../../../src/core/limit.ts'
import { holds } from '../../support/property.ts'
import { temporaryDirectory } from '../../support/temporary.ts'

interface Reader {
  readonly file: string
  /** All that can be read now, page by page, as a daemon reads it. */
  readonly rest: () => string[]
}

function reader(): Reader {
  const directory = temporaryDirectory()
  let from = 0
  const outboxes = new Outboxes()
  const rest = (): string[] => {
    const read: string[] = []
    for (;;) {
      const { reports, more } = outboxes.read(directory, from, false)
      for (const report of reports) {
        expect(report.outbox).toBeGreaterThan(from)
        from = report.outbox
        read.push('line' in report ? report.line : 'passed over')
      }
      if (!more) return read
    }
  }
  return { file: join(directory, 'outbox'), rest }
}

test('whole lines are read once, whatever was written of the next one', () => {
  const { file, rest } = reader()
  expect(rest()).toEqual([])
  writeFileSync(file, 'one\ntwo\nthr')
  expect(rest()).toEqual(['one', 'two'])
  expect(rest()).toEqual([])
  appendFileSync(file, 'ee\n\nfour 影\n')
  expect(rest()).toEqual(['three', '', 'four 影'])
})

test('many lines are read by pages', () => {
  const { file, rest } = reader()
  const lines = Array.from({ length: 3 * limit.reportsPerLook + 7 }, (_, index) => `line ${index}`)
  writeFileSync(file, `${lines.join('\n')}\n`)
  expect(rest()).toEqual(lines)
})

test('a line that is too long is passed over once, however it grows', () => {
  const { file, rest } = reader()
  writeFileSync(file, `before\n${'x'.repeat(limit.reportBytes + 1)}`)
  expect(rest()).toEqual(['before', 'passed over'])
  for (let turn = 0; turn < 3; turn++) {
    appendFileSync(file, 'x'.repeat(limit.outboxPageBytes + 1))
    expect(rest()).toEqual([])
  }
  appendFileSync(file, '\n')
  expect(rest()).toEqual([])
  appendFileSync(file, 'after\n')
  expect(rest()).toEqual(['after'])
})

test('a line of just the most is read', () => {
  const { file, rest } = reader()
  const most = 'x'.repeat(limit.reportBytes)
  writeFileSync(file, `${most}\n${most}x\n${most}\n`)
  expect(rest()).toEqual([most, 'passed over', most])
})

test('an outbox without end is read up to the most, and that is told once', () => {
  const { file, rest } = reader()
  writeFileSync(file, 'one\n')
  truncateSync(file, limit.outboxBytes * 4)
  expect(rest()).toEqual(['one', 'passed over'])
  expect(rest()).toEqual([])
})

test('what is no plain file, or shrinks, is empty and holds nothing up', () => {
  const { file, rest } = reader()
  execFileSync('mkfifo', [file])
  expect(rest()).toEqual([])
  rmSync(file)
  symlinkSync('/proc/self/environ', file)
  expect(rest()).toEqual([])
  rmSync(file)
  mkdirSync(file)
  expect(rest()).toEqual([])
  rmSync(file, { recursive: true })
  writeFileSync(file, 'one\ntwo\n')
  expect(rest()).toEqual(['one', 'two'])
  writeFileSync(file, 'x\n')
  expect(rest()).toEqual([])
})

test('what is appended after the end was seen is not waited for', () => {
  const directory = temporaryDirectory()
  const file = join(directory, 'outbox')
  const lines = 'line\n'.repeat(limit.reportsPerLook + 1)
  writeFileSync(file, lines)
  const outboxes = new Outboxes()
  const first = outboxes.read(directory, 0, true)
  expect([first.reports.length, first.more]).toEqual([limit.reportsPerLook, true])
  appendFileSync(file, lines)
  const second = outboxes.read(directory, first.reports.at(-1)?.outbox ?? 0, true)
  expect([second.reports.length, second.more]).toEqual([1, false])
})

test('however an outbox is written and read, its lines are those that were written', () => {
  const piece = oneof(
    string(),
    constantFrom('\n', '\n\n', '影\n', 'x'.repeat(limit.reportBytes), 'y'.repeat(600_000)),
  )
  holds(
    property(array(tuple(piece, integer({ min: 0, max: 2 })), { maxLength: 12 }), (pieces) => {
      const { file, rest } = reader()
      writeFileSync(file, '')
      const read: string[] = []
      for (const [text, reads] of pieces) {
        appendFileSync(file, text)
        for (let turn = 0; turn < reads; turn++) read.push(...rest())
      }
      appendFileSync(file, '\n')
      read.push(...rest())
      const whole = Buffer.from(`${pieces.map(([text]) => text).join('')}\n`)
      const written = whole.toString('utf8').split('\n').slice(0, -1)
      expect(read).toEqual(
        written.map((line) => (Buffer.byteLength(line) > limit.reportBytes ? 'passed over' : line)),
      )
    }),
  )
})
