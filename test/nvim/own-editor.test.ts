import { expect, test } from 'vitest'
import type { ViewShape } from '../../src/nvim/frame.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { type Editor, neovims, startNeovim } from '../support/neovim.ts'
import { poemRace } from '../support/poem-race.ts'
import { startReview } from '../support/review-editor.ts'
import { until } from '../support/until.ts'

const list: ViewShape = {
  view: 'list',
  place: 'float',
  panes: [{ name: 'list', buffer: 'Kage list', filetype: 'kage-list', share: 1 }],
  keys: [{ key: 'q', modes: 'n', action: 'close', help: 'close' }],
}

test.for(neovims)(
  'what the person’s own autocommands throw ends no view halfway, and leaves nothing behind (%s)',
  async (version) => {
    const { house, repository } = await poemRace()
    const editor = await startNeovim(house, repository, { version, columns: 110, rows: 34 })
    const events = [
      'BufNew BufAdd BufEnter BufLeave BufWinEnter BufWipeout BufUnload FileType Syntax OptionSet',
      'WinNew WinEnter WinLeave WinClosed TabNew TabNewEntered TabEnter TabLeave TabClosed',
    ]
    await editor.lua(
      `vim.api.nvim_create_autocmd(vim.split(..., ' '), { callback = function() error('theirs') end })`,
      events.join(' '),
    )
    for (const [command, shown] of [
      ['KageDash', 'improve the poem'],
      ['KageReview', '5 of 5 open'],
    ] as const) {
      editor.command(command)
      await editor.shows(shown)
      editor.type('?')
      await editor.shows('Kage: keys')
      editor.type('q')
      await until(() => !editor.screen().includes('Kage: keys'))
      editor.type('q')
      await until(() => !editor.screen().includes(shown))
      expect(await places(editor)).toEqual({ tabs: 1, windows: 1, buffers: 1 })
    }
    expect(await editor.notes()).toEqual([])
  },
)

test.for(neovims)(
  'a pane that is shown in a second window is closed there, too, and throws nothing (%s)',
  async (version) => {
    const { house, repository } = await poemRace()
    const editor = await startReview(house, repository, { version })
    editor.type('C-w', 'T')
    await until(async () => (await places(editor)).windows === 1)
    editor.type('j', 'k')
    expect(await places(editor)).toEqual({ tabs: 1, windows: 1, buffers: 1 })
    editor.command('KageReview')
    await editor.shows('5 of 5 open')
    editor.command('tab split')
    await until(async () => (await places(editor)).tabs === 3)
    editor.type('j', 'k', 'q')
    await until(async () => (await places(editor)).tabs === 1)
    expect(await editor.lua(`return vim.fn.execute('messages')`)).toBe('')
  },
)

test('where the person lets nothing be modified, keys and questions are shown all the same', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository, { init: 'vim.o.modifiable = false' })
  editor.type('?')
  await editor.shows('Kage: keys')
  editor.type('q', '1')
  await editor.decided({ g1: '✓1' })
  editor.type('g', 'z')
  await until(async () => (await places(editor)).tabs === 3)
  editor.type('q')
  await until(async () => (await places(editor)).tabs === 2)
  editor.command('w')
  await editor.shows('Land 1 file')
})

test('a border without room for words leaves them in the window', async () => {
  const { house, repository } = await poemRace()
  await startReview(house, repository, { init: `require('kage').setup({ border = 'shadow' })` })
})

test('options of the window the person comes from do not lead into a view', async () => {
  const editor = await startNeovim(makeHouse(), makeRepository())
  editor.command('set diff scrollbind cursorbind rightleft conceallevel=2')
  await until(async () => (await editor.lua('return vim.wo.conceallevel')) === 2)
  await editor.lua(`require('kage.ui').open(..., { name = 'nothing', payload = {} })`, list)
  expect(
    await editor.lua(
      'local w = vim.wo return { w.diff, w.scrollbind, w.cursorbind, w.rightleft, w.conceallevel }',
    ),
  ).toEqual([false, false, false, false, 0])
})

test.for(neovims)('a view or a question that comes up in Insert mode has its keys (%s)', async (version) => {
  const { house, repository } = await poemRace()
  const editor = await startNeovim(house, repository, { version })
  for (const [command, shown] of [
    ['KageDash', 'improve the poem'],
    ['KageReview', '5 of 5 open'],
    ['Kage clean', 'y remove'],
  ] as const) {
    await editor.lua(`vim.keymap.set('i', '<F2>', '<Cmd>' .. ... .. '<CR>')`, command)
    editor.type('i', 'F2')
    await editor.shows(shown)
    await until(async () => (await editor.lua<string>('return vim.fn.mode()')) === 'n')
    editor.type('q')
    await until(() => !editor.screen().includes(shown))
  }
  expect(await editor.lua('return vim.bo.modified')).toBe(false)
})

function places(editor: Editor): Promise<{ tabs: number; windows: number; buffers: number }> {
  return editor.lua(
    'return { tabs = #vim.api.nvim_list_tabpages(), windows = #vim.api.nvim_list_wins(), buffers = #vim.api.nvim_list_bufs() }',
  )
}
