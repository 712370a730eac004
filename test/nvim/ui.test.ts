import { expect, test } from 'vitest'
import type { Frame, ViewShape } from '../../src/nvim/frame.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { type Editor, neovims, startNeovim } from '../support/neovim.ts'
import { until } from '../support/until.ts'

const shape: ViewShape = {
  view: 'list',
  place: 'float',
  panes: [{ name: 'list', buffer: 'Kage list', filetype: 'kage-list', share: 1 }],
  keys: [
    { key: 's', modes: 'nx', action: 'send', help: 'send' },
    { key: 'q', modes: 'n', action: 'close', help: 'close' },
    { key: '?', modes: 'n', action: 'help', help: 'help' },
  ],
}

const three = {
  ...shape,
  place: 'tab',
  panes: ['a', 'b', 'c'].map((name) => ({
    name,
    buffer: `Kage ${name}`,
    filetype: `kage-${name}`,
    share: 1 / 3,
  })),
}

test.for(neovims)(
  'the cursor keeps to its row’s name, and the row to its place on the screen (%s)',
  async (version) => {
    const editor = await open({ version })
    await paint(editor, 1, names(1, 100))
    editor.command('60')
    await until(async () => (await where(editor)).line === 60)
    const before = await where(editor)
    await paint(editor, 2, [...names(200, 220), ...names(1, 100)])
    const after = await where(editor)
    expect(after.line).toBe(81)
    expect(after.line - after.top).toBe(before.line - before.top)
    await paint(editor, 3, names(1, 59))
    expect((await where(editor)).line).toBe(59)
  },
)

test('what comes in above is seen by whoever is at the top', async () => {
  const editor = await open()
  await paint(editor, 1, ['old'])
  await paint(editor, 2, ['new 1', 'new 2', 'old'])
  await editor.shows('new 1')
  expect(await where(editor)).toEqual({ line: 3, top: 1 })
  await paint(editor, 3, [...names(1, 40), 'old'])
  expect((await where(editor)).line).toBe(41)
  await paint(editor, 4, ['old'])
  expect(await where(editor)).toEqual({ line: 1, top: 1 })
})

test('only lines that differ are set', async () => {
  const editor = await open()
  await paint(editor, 1, names(1, 50))
  await editor.lua(`_G.set = {}
    vim.api.nvim_buf_attach(0, false, { on_lines = function(_, _, _, first, _, last) table.insert(_G.set, { first, last }) end })`)
  const lines = names(1, 50)
  lines[9] = 'changed'
  lines[30] = 'changed'
  await paint(editor, 2, lines)
  expect(await editor.lua('return _G.set')).toEqual([
    [9, 10],
    [30, 31],
  ])
  await paint(editor, 3, lines)
  expect(await editor.lua('return #_G.set')).toBe(2)
})

test('a frame that is not newer than the last is passed over', async () => {
  const editor = await open()
  expect(await paint(editor, 5, ['five'])).toBe(true)
  expect(await paint(editor, 5, ['again'])).toBe(false)
  expect(await paint(editor, 4, ['four'])).toBe(false)
  await editor.shows('five')
})

test('marks are where the frame has them, whatever lines come and go', async () => {
  const editor = await open()
  const marked = (seq: number, rows: readonly string[]): Promise<boolean> =>
    paint(
      editor,
      seq,
      rows,
      rows.map((row, at) => [at, 0, row.length, 'KageWorking'] as const),
    )
  await marked(1, names(1, 20))
  await marked(2, names(5, 20))
  await marked(3, ['new', ...names(5, 30)])
  const found = await editor.lua<[number, number, { end_col: number }][]>(
    `return vim.tbl_map(function(m) return { m[2], m[3], { end_col = m[4].end_col } } end,
      vim.api.nvim_buf_get_extmarks(0, vim.api.nvim_create_namespace('kage'), 0, -1, { details = true }))`,
  )
  expect(found).toEqual(['new', ...names(5, 30)].map((row, at) => [at, 0, { end_col: row.length }]))
})

test('the buffer of a view is nobody’s to write in', async () => {
  const editor = await open()
  await paint(editor, 1, ['one'])
  expect(
    await editor.lua(
      'return { vim.bo.buftype, vim.bo.modifiable, vim.bo.buflisted, vim.bo.filetype, vim.wo.winfixbuf }',
    ),
  ).toEqual(['nofile', false, false, 'kage-list', true])
})

test.for(['q', ':q', ':close'])(
  '%s closes the view, and the person is back in their window',
  async (keys) => {
    const editor = await open()
    await paint(editor, 1, ['one'])
    if (keys.startsWith(':')) editor.command(keys.slice(1))
    else editor.type(keys)
    await until(async () => (await editor.lua<number>('return #vim.api.nvim_list_wins()')) === 1)
    expect(await editor.lua('return vim.bo.filetype')).toBe('')
    expect(await paint(editor, 2, ['late'])).toBe(false)
  },
)

test('a window that was closed without autocommands is noticed with the next frame', async () => {
  const editor = await open()
  await paint(editor, 1, ['one'])
  editor.command('noautocmd close')
  await until(async () => (await editor.lua<number>('return #vim.api.nvim_list_wins()')) === 1)
  expect(await editor.lua('return require("kage.ui").view("list") ~= nil')).toBe(true)
  expect(await paint(editor, 2, ['two'])).toBe(false)
  expect(await editor.lua('return require("kage.ui").view("list") == nil')).toBe(true)
})

test('a float that lies in another tab page is opened here anew', async () => {
  const editor = await open()
  await editor.lua('vim.cmd.tabnew()')
  await editor.lua(`require('kage.ui').open(..., { name = 'nothing', payload = {} })`, shape)
  expect(await editor.lua('return { vim.fn.tabpagenr(), vim.bo.filetype }')).toEqual([2, 'kage-list'])
  await paint(editor, 1, ['here'])
  await editor.shows('here')
})

test('where Neovim refuses a window, nothing is left behind', async () => {
  const editor = await startNeovim(makeHouse(), makeRepository())
  editor.type('q', ':')
  await editor.shows('[Command Line]')
  editor.type('Escape')
  await editor.lua(`vim.schedule(function() require('kage.command').run('dash', '') end)`)
  await until(async () =>
    (await editor.notes()).some((note) =>
      note.includes('Neovim refused: E11: Invalid in command-line window'),
    ),
  )
  editor.command('quit')
  await until(() => !editor.screen().includes('[Command Line]'))
  editor.command('KageDash')
  await editor.shows('No runs in this repository yet.')
})

test('the views are on the screen whatever its size', async () => {
  const editor = await open({ columns: 120, rows: 40 })
  await paint(editor, 1, ['one'])
  for (const [columns, rows] of [
    [40, 15],
    [80, 24],
    [20, 8],
    [200, 60],
  ] as const) {
    editor.resize(columns, rows)
    await until(async () => (await editor.lua<number>('return vim.o.columns')) === columns)
    await editor.shows('one')
    // The terminal's new size and what Neovim draws for it arrive one after the other.
    const edges = (): string[] =>
      editor
        .screen()
        .split('\n')
        .filter((line) => /[╭╰]/.test(line))
    await until(() => edges().length === 2 && edges().every((line) => line.trimEnd().length <= columns))
  }
})

test('panes lie side by side where there is room, and below each other where not', async () => {
  const editor = await open({ columns: 90, rows: 24, shape: three })
  const rows = (): Promise<number[]> =>
    editor.lua(`return vim.tbl_map(function(w) return vim.api.nvim_win_get_position(w)[1] end,
      vim.tbl_filter(function(w) return vim.api.nvim_win_get_config(w).relative ~= '' end, vim.api.nvim_tabpage_list_wins(0)))`)
  expect(new Set(await rows()).size).toBe(1)
  editor.resize(40, 24)
  await until(async () => new Set(await rows()).size === 3)
  editor.type('q')
  await until(async () => (await editor.lua<number>('return #vim.api.nvim_list_tabpages()')) === 1)
})

test.for(neovims)(
  'the person’s border is used, and without one the keys are still shown (%s)',
  async (version) => {
    const own = await open({ version, init: `require('kage').setup({ border = 'none' })` })
    await paint(own, 1, ['one'])
    const screen = await own.shows('a title')
    expect(screen).not.toMatch(/[╭┌]/)
    expect(screen).toContain('a legend')
  },
)

test('with NO_COLOR nothing of a view has a colour', async () => {
  const plain = await open({ environment: { NO_COLOR: '1' } })
  const coloured = await open({})
  for (const editor of [plain, coloured]) {
    await paint(editor, 1, ['one', 'two'], [[0, 0, 3, 'KageFailed']])
    await editor.shows('one')
  }
  expect(lineOf(coloured.colours(), 'one')).toMatch(/\u001b\[[0-9;]*3[0-9]/)
  expect(lineOf(plain.colours(), 'one')).not.toMatch(/\u001b\[/)
})

test('wrong options are named with the nearest one, and nothing is set', async () => {
  const editor = await startNeovim(makeHouse(), makeRepository())
  await editor.lua(`require('kage').setup({ keymap = 'default', autostart = false })`)
  await until(async () =>
    (await editor.notes()).some((note) => note.includes('no option "keymap"; the nearest is "keymaps"')),
  )
  await editor.lua(`require('kage').setup({ keymaps = true })`)
  await until(async () =>
    (await editor.notes()).some((note) => note.includes('keymaps must be "default" or "none", not true')),
  )
  expect(await editor.lua('return vim.fn.maparg("<leader>kd", "n")')).toBe('')
  await editor.lua(`require('kage').setup({ keymaps = 'default' })`)
  expect(await editor.lua('return vim.fn.maparg("<leader>kd", "n")')).toBe('<Plug>(kage-dash)')
})

test('subcommands and options complete', async () => {
  const editor = await startNeovim(makeHouse(), makeRepository())
  const complete = (line: string): Promise<string[]> =>
    editor.lua('return vim.fn.getcompletion(..., "cmdline")', line)
  expect(await complete('Kage sp')).toEqual(['spawn'])
  expect(await complete('Kage re')).toEqual(['review', 'resume', 'restart'])
  expect(await complete('KageSpawn --')).toEqual(['--base', '--with-changes', '--'])
  expect(await complete('Kage clean --')).toEqual(['--force'])
  expect(await editor.lua('return require("kage.host").report().phase')).toBe('idle')
})

interface Wish {
  readonly version?: string
  readonly columns?: number
  readonly rows?: number
  readonly init?: string
  readonly environment?: Record<string, string>
  readonly shape?: unknown
}

async function open({ shape: wanted = shape, ...options }: Wish = {}): Promise<Editor> {
  const editor = await startNeovim(makeHouse(), makeRepository(), options)
  await editor.lua(`require('kage.ui').open(..., { name = 'nothing', payload = {} })`, wanted)
  return editor
}

function paint(
  editor: Editor,
  seq: number,
  lines: readonly string[],
  marks: Frame['panes'][number]['marks'] = [],
): Promise<boolean> {
  const pane = {
    name: 'list',
    title: ' a title ',
    footer: ' a legend ',
    lines,
    marks,
    rows: lines,
    cursor: null,
  }
  return editor.lua(`return require('kage.ui').paint(...)`, {
    view: 'list',
    seq,
    panes: [pane],
  } satisfies Frame)
}

function where(editor: Editor): Promise<{ line: number; top: number }> {
  return editor.lua('return { line = vim.fn.line("."), top = vim.fn.line("w0") }')
}

function names(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => `row ${from + at}`)
}

function lineOf(screen: string, text: string): string {
  return screen.split('\n').find((line) => line.includes(text)) ?? ''
}
