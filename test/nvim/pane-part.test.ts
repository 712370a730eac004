import { expect, test } from 'vitest'
import { limit } from '../../src/core/limit.ts'
import type { Frame, Mark, Pane, ViewShape } from '../../src/nvim/frame.ts'
import { partOf, stepTowards } from '../../src/nvim/pane-part.ts'
import { createScreen } from '../../src/nvim/screen.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { startNeovim } from '../support/neovim.ts'
import { seeded } from '../support/seed.ts'
import { until } from '../support/until.ts'

const shape: ViewShape = {
  view: 'list',
  place: 'float',
  panes: [{ name: 'list', buffer: 'Kage list', filetype: 'kage-list', share: 1 }],
  keys: [],
}

test('a pane that is painted is told by the lines between the first and the last that differ', () => {
  const lines = Array.from({ length: 500 }, (_, line) => `line ${line}`)
  const before = paneOf(lines)
  const changed = lines.with(100, 'other').toSpliced(300, 2)
  const part = partOf(before, paneOf(changed))
  expect(part).toMatchObject({ from: 100, until: 302 })
  expect(part.lines).toEqual(changed.slice(100, 300))
  expect(partOf(before, paneOf(lines, [[7, 0, 1, 'KageDim']]))).toMatchObject({ from: 7, until: 8 })
  expect(partOf(before, before).lines).toEqual([])
  expect(partOf(undefined, before)).toBe(before)
  const few = paneOf(lines.slice(0, 20))
  expect(partOf(before, few)).toBe(few)
})

test('a pane of thousands of lines is painted in steps, its cursor when its line is there', () => {
  const lines = Array.from({ length: 2500 }, (_, line) => `line ${line}`)
  const pane = { ...paneOf(lines, [[2400, 0, 1, 'KageDim']]), cursor: 'line 1500' }
  const first = stepTowards(undefined, pane)
  expect([first.lines.length, first.rows.length, first.marks, first.cursor]).toEqual([1000, 1000, [], null])
  const second = stepTowards(first, pane)
  expect([second.lines.length, second.cursor]).toEqual([2000, 'line 1500'])
  expect(stepTowards(second, pane)).toBe(pane)
})

test('what is painted by parts is on the screen as it is painted whole', { timeout: 60_000 }, async () => {
  const editor = await startNeovim(makeHouse(), makeRepository())
  await editor.lua(`require('kage.ui').open(..., { name = 'nothing', payload = {} })`, shape)
  const frames: Frame[] = []
  const screen = createScreen({
    await: (_module, _name, frame) => {
      frames.push(frame as Frame)
      return editor.lua(`return require('kage.ui').paint(...)`, frame)
    },
  })
  const seed = Number(process.env['KAGE_SEED'] ?? Math.floor(Math.random() * 1e9))
  const random = seeded(seed)
  const number = (below: number): number => Math.floor(random() * below)
  let lines = Array.from({ length: 2000 + limit.linesPainted }, (_, line) => `line ${line}`)
  for (let round = 0; round < 25; round += 1) {
    const marks = lines.flatMap((_, row): Mark[] => {
      return random() < 0.01 ? [[row, 0, 1 + number(3), random() < 0.5 ? 'KageDim' : 'KageWorking']] : []
    })
    screen.paint('list', [{ ...paneOf(lines, marks), title: `round ${round}` }])
    await until(async () => {
      const [count, title] = await editor.lua<[number, string]>(
        `return { vim.api.nvim_buf_line_count(0), require('kage.ui').view('list').panes.list.title }`,
      )
      return count === lines.length && title === `round ${round}`
    })
    const painted = await editor.lua<{ lines: string[]; names: string[]; marks: unknown[] }>(`
      local found = {}
      local namespace = vim.api.nvim_create_namespace('kage')
      for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })) do
        found[#found + 1] = { mark[2], mark[3], mark[4].end_col, mark[4].hl_group }
      end
      local pane = require('kage.ui').view('list').panes.list
      return { lines = vim.api.nvim_buf_get_lines(0, 0, -1, false), names = pane.names, marks = found }`)
    expect(painted.lines, `seed ${seed}`).toEqual(lines)
    expect(painted.names, `seed ${seed}`).toEqual(lines)
    expect(painted.marks, `seed ${seed}`).toEqual(marks)
    const at = number(lines.length)
    const added = Array.from({ length: number(4) }, (_, index) => `added ${round} ${index}`)
    lines = lines.toSpliced(at, number(4), ...added).with(number(lines.length - 10), `changed ${round}`)
    if (round === 15) lines = lines.slice(0, 150)
    if (round === 18) lines = [...lines, ...Array.from({ length: 1500 }, (_, line) => `later ${line}`)]
  }
  expect(frames.some(({ panes: [pane] }) => pane !== undefined && 'from' in pane)).toBe(true)
})

function paneOf(lines: readonly string[], marks: readonly Mark[] = []): Pane {
  return { name: 'list', title: ' list ', footer: '', lines, marks, rows: lines, cursor: null }
}
