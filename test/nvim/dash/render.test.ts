import fc from 'fast-check'
import { expect, test } from 'vitest'
import { glyphs } from '../../../src/core/agent/glyph.ts'
import type { AgentStatus } from '../../../src/core/state.ts'
import type { DashAgent, DashRun } from '../../../src/nvim/dash/model.ts'
import { renderDash } from '../../../src/nvim/dash/render.ts'
import { cells } from '../../../src/nvim/text.ts'
import { holds } from '../../support/property.ts'

const nowMs = Date.parse('2026-01-01T00:10:00Z')
const look = { columns: 78, nowMs, all: false, live: true }

const ada: DashAgent = {
  id: 'r1/ada',
  name: 'ada',
  status: 'working',
  reason: 'its program runs',
  since: '2026-01-01T00:09:30Z',
  turns: 12,
  tokens: 45_200,
  isCounted: true,
  costUsd: 0.123,
  files: 3,
  added: 40,
  uncaptured: false,
  deleted: 2,
}
const run: DashRun = {
  id: 'r1',
  status: 'working',
  mode: 'race',
  task: 'add retries to the http client',
  at: '2026-01-01T00:00:00Z',
  costUsd: null,
  repository: null,
  alarms: 0,
  notices: [],
  agents: [
    ada,
    { ...ada, id: 'r1/bo', name: 'bo', status: 'waiting', reason: 'which port?', costUsd: null, files: 0 },
  ],
}

test('a run is a line with its task, its cost and its time, and each agent one with its figures', () => {
  const { lines, rows } = renderDash([run], look)
  expect(lines).toEqual([
    'r1 working add retries to the http client                               ?  10m',
    '  ● ada            working  30s  12t  45k  $0.12  3f +40 -2    its program ru…',
    '  ? bo             waiting  30s  12t  45k      ?  -            which port?',
  ])
  expect(rows).toEqual(['r1', 'r1/ada', 'r1/bo'])
})

test('an agent that tells of no turns, tokens and cost has no figures', () => {
  const silent = { ...ada, turns: 0, tokens: 0, costUsd: null }
  const narrow = renderDash([{ ...run, agents: [silent] }], { ...look, columns: 50 }).lines
  expect(renderDash([{ ...run, agents: [silent] }], look).lines[1]).toBe(
    '  ● ada            working  30s                   3f +40 -2    its program ru…',
  )
  expect(narrow.slice(1).join(' ')).not.toMatch(/\d+t|\?/)
})

test('what a waiting agent asks is told whole, on lines of its own where it has to be', () => {
  const reason =
    'Shall remove() throw when there is no such line, or do nothing? The callers expect neither of them.'
  const asking = { ...run, agents: [{ ...ada, status: 'waiting', reason } as const, { ...ada, reason }] }
  const { lines, rows, marks } = renderDash([asking], look)
  expect(lines.slice(1)).toEqual([
    '  ? ada            waiting  30s  12t  45k  $0.12  3f +40 -2    Shall remove()…',
    '      Shall remove() throw when there is no such line, or do nothing? The',
    '      callers expect neither of them.',
    '  ● ada            working  30s  12t  45k  $0.12  3f +40 -2    Shall remove()…',
  ])
  expect(rows).toEqual(['r1', 'r1/ada', 'r1/ada', 'r1/ada', 'r1/ada'])
  expect(marks).toContainEqual([2, 6, 73, 'KageWaiting'])
  const endless = { ...run, agents: [{ ...ada, status: 'failed', reason: 'so '.repeat(500) } as const] }
  expect(renderDash([endless], look).lines).toHaveLength(5)
})

test('on 40 columns an agent takes two lines of one name, and nothing is wider', () => {
  const { lines, rows, footer } = renderDash([run], { ...look, columns: 38 })
  expect(lines).toEqual([
    'r1 working add retries to the…  ?  10m',
    ' ● ada                    working  30s',
    '   12t 45k $0.12 3f +40 -2 its progra…',
    ' ? bo                     waiting  30s',
    '   12t 45k ? - which port?',
  ])
  expect(rows).toEqual(['r1', 'r1/ada', 'r1/ada', 'r1/bo', 'r1/bo'])
  expect(footer.length).toBeLessThanOrEqual(38)
  expect(footer).toContain('? help')
})

test('without runs the next step is shown, and a daemon that is down is named', () => {
  expect(renderDash([], look).lines).toEqual(['No runs in this repository yet.', ':KageSpawn starts one.'])
  const down = renderDash([], { ...look, live: false })
  expect(down.title).toContain('daemon is down')
  expect(down.lines[1]).toContain(':KageSpawn starts it')
})

test('whatever agents say, each line fits, holds nothing that moves a cursor, and has its name and marks', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 60 })
  const hostile = fc.oneof(
    text,
    fc.constantFrom('\u001b[2J', 'a\nb', '影'.repeat(60), '\u202e', '\u0000', 'e\u0301'),
  )
  const agent = fc.record({
    status: fc.constantFrom(...(Object.keys(glyphs) as AgentStatus[])),
    name: hostile,
    reason: hostile,
    turns: fc.nat(10_000),
    tokens: fc.nat(2_000_000_000),
    costUsd: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
    files: fc.nat(99_999),
    added: fc.nat(999_999),
  })
  const runs = fc.array(fc.record({ task: hostile, agents: fc.array(agent, { maxLength: 5 }) }), {
    maxLength: 4,
  })
  holds(
    fc.property(runs, fc.integer({ min: 20, max: 200 }), (given, columns) => {
      const pane = renderDash(
        given.map((each) => ({ ...run, ...each, agents: each.agents.map((one) => ({ ...ada, ...one })) })),
        { ...look, columns },
      )
      expect(pane.rows).toHaveLength(pane.lines.length)
      for (const line of pane.lines) {
        expect(line).not.toMatch(/\p{Cc}/u)
        expect(cells(line)).toBeLessThanOrEqual(columns)
      }
      for (const [row, start, end] of pane.marks) {
        expect(end).toBeLessThanOrEqual(Buffer.byteLength(pane.lines[row] ?? ''))
        expect(start).toBeLessThanOrEqual(end)
      }
    }),
  )
})

test('alarms and notices of a run stand below it', () => {
  const { lines, rows } = renderDash(
    [{ ...run, alarms: 2, notices: ['a ref of yours was lost meanwhile'] }],
    look,
  )
  expect(lines.slice(1, 3)).toEqual([
    '  ! 2 alarms: A shows them',
    '  ! a ref of yours was lost meanwhile: kage restore-ref',
  ])
  expect(rows.slice(0, 3)).toEqual(['r1', 'r1', 'r1'])
})
