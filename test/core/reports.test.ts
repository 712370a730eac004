import { expect, test } from 'vitest'
import type { ObservedReport } from '../../src/core/observed.ts'
import { isOnlyReport, reportEvents } from '../../src/core/reports.ts'

/** The events of these lines, which end at 10, 20, 30…, for an agent of whose outbox so much is counted. */
function check(outbox: number, ...lines: readonly string[]): string[] {
  const reports = lines.map((line, index): ObservedReport => ({ line, outbox: 10 * (index + 1) }))
  return reportEvents('r1', { name: 'ada', outbox }, reports).map(({ type, data }) =>
    type === 'report.refused' ? `refused ${data.message} ${data.outbox}` : `${type} ${JSON.stringify(data)}`,
  )
}

const said = '{"type":"agent.said","data":{"text":"x"}}'

test('a line is an event in the words of events, with how far the outbox is read', () => {
  expect(check(0, said)).toEqual(['agent.said {"text":"x","outbox":10}'])
})

test('what is counted already is left out', () => {
  expect(check(20, said, said, said)).toEqual(['agent.said {"text":"x","outbox":30}'])
})

test('many lines in a row that are no reports are one event', () => {
  expect(check(0, 'x', '', 'y', said, 'z')).toEqual([
    'refused 3 lines: no report: a line is not Object 30',
    'agent.said {"text":"x","outbox":40}',
    'refused no report: a line is not Object 50',
  ])
})

test('what an agent may not tell, or tells in another shape, is refused without what it held', () => {
  const lines = [
    '{"type":"daemon.stopped","data":{"reason":"x"}}',
    '{"type":"agent.exited","data":{"code":0}}',
    '{"type":"constructor","data":{}}',
    '{"type":"agent.said"}',
    '{"type":"agent.said","data":{"text":5}}',
    `{"type":"agent.said","data":{"text":"${'sk-secret'.repeat(500)}"}}`,
    '{"type":"agent.turned","data":{"turn":-1}}',
    '[]',
    'null',
  ]
  for (const line of lines) {
    const [event = ''] = check(0, line)
    expect(event).toMatch(/^refused /)
    expect(event).not.toContain('sk-secret')
  }
})

test('an agent cannot say of itself how far its outbox is read, nor add what no event has', () => {
  const line = '{"type":"agent.said","data":{"text":"x","outbox":999,"more":1},"run":"r9"}'
  expect(check(0, line)).toEqual(['agent.said {"text":"x","outbox":10}'])
})

test('only a report of status may change what is wanted or shown', () => {
  expect(isOnlyReport('tool.called')).toBe(true)
  expect(isOnlyReport('report.refused')).toBe(true)
  expect(isOnlyReport('agent.reported')).toBe(false)
  expect(isOnlyReport('agent.exited')).toBe(false)
})
