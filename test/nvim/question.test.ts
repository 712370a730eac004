import { expect, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { type Editor, neovims, startNeovim } from '../support/neovim.ts'
import { until } from '../support/until.ts'

const long = 'There is nothing to land: nothing is decided that has not landed.'

test.for(neovims)(
  'a question that is too wide goes on below between words, and its answers are seen (%s)',
  async (version) => {
    const editor = await startNeovim(makeHouse(), makeRepository(), { version, columns: 40, rows: 15 })
    await confirm(editor, [long, ...Array.from({ length: 30 }, (_, at) => `file ${at}`)], 'land')
    const screen = await editor.shows('y land   q cancel')
    expect(screen).toMatch(/nothing is *│\n.*decided that has/)
    editor.type('n')
    await until(() => !editor.screen().includes('q cancel'))
    await confirm(editor, [long], null)
    expect(await editor.shows('q close')).toMatch(/nothing is *│\n.*decided that has/)
    editor.type('y')
    await until(() => !editor.screen().includes('q close'))
  },
)

test('a file is not opened in the window of a question', async () => {
  const editor = await startNeovim(makeHouse(), makeRepository())
  await confirm(editor, [long], null)
  await editor.shows('q close')
  editor.command('edit other.txt')
  await editor.shows('winfixbuf')
  expect(editor.screen()).toContain('nothing is decided')
})

test.for(neovims)(
  'a picker that fails, answers twice or is left by Ctrl-C gives one answer (%s)',
  async (version) => {
    const editor = await startNeovim(makeHouse(), makeRepository(), { version })
    await editor.lua(`_G.said = {}
      _G.own = vim.ui.select
      require('kage.host').call = function(_, told) table.insert(_G.said, told.value == vim.NIL and 'none' or told.value) end`)
    const said = (count: number): Promise<unknown> =>
      until(async () => {
        const all = await editor.lua<unknown[]>('return _G.said')
        return all.length >= count ? all : null
      })
    await editor.lua(`vim.ui.select = function() error('theirs') end
      require('kage.question').select('1', { 'a', 'b' }, 'which?')`)
    expect(await said(1)).toEqual(['none'])
    expect(await editor.notes()).toEqual([expect.stringContaining('vim.ui failed')])
    await editor.lua(`vim.ui.select = function(items, _, choose) choose(items[2], 2) choose(items[1], 1) end
      require('kage.question').select('2', { 'a', 'b' }, 'which?')`)
    expect(await said(2)).toEqual(['none', 2])
    await editor.lua(`vim.ui.select = _G.own
      vim.schedule(function() require('kage.question').select('3', { 'a', 'b' }, 'which?') end)`)
    await editor.shows('Type number')
    // A key that comes while the question is still being drawn is none to it.
    await until(() => {
      if (!editor.screen().includes('Type number')) return true
      editor.type('C-c')
      return false
    })
    expect(await said(3)).toEqual(['none', 2, 'none'])
  },
)

async function confirm(editor: Editor, lines: readonly string[], yes: string | null): Promise<void> {
  const words = yes === null ? 'nil' : `'${yes}'`
  await editor.lua(`require('kage.question').confirm(1, ..., ${words})`, lines)
}
