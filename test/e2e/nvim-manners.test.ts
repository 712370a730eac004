import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Editor, neovims, startNeovim } from '../support/neovim.ts'
import { poemRace } from '../support/poem-race.ts'
import { reopenReview, startReview } from '../support/review-editor.ts'
import { isRunning } from '../support/running.ts'
import { until } from '../support/until.ts'

test.for(neovims)('views leave everything of the person’s as it was (%s)', async (version) => {
  const { house, repository } = await poemRace()
  const editor = await startNeovim(house, repository, {
    version,
    columns: 110,
    rows: 34,
    files: ['poem.txt', 'other.txt'],
    init: `vim.o.hidden = false\n${remember}`,
  })
  await editor.lua(prepare)
  const before = await editor.lua('return _G.remembered()')
  editor.command('KageDash')
  await editor.shows('✓ ada')
  editor.type('j', '?')
  await editor.shows('Kage: keys')
  editor.type('q', 'q')
  await alone(editor)
  await reopenReview(editor)
  editor.type('j', 'j', '1', '2', 'u', 'Tab', 'C-r', 'P', 'P', 'g', 'z')
  await until(() => editor.lua<boolean>('return vim.wo.diff'))
  editor.type('q')
  await editor.shows('2 to land')
  editor.type('e')
  await editor.shows(':w takes it')
  editor.command('q!')
  editor.command('w')
  await editor.shows('y land')
  editor.type('q', 'q')
  await alone(editor)
  editor.command('Kage log')
  await editor.shows('daemon.started')
  editor.type('q')
  await alone(editor)
  expect(await editor.lua('return _G.remembered()')).toEqual(before)
  expect(await editor.notes()).toEqual([])
})

test.for(neovims)('an error of two lines asks for no key without a command line (%s)', async (version) => {
  const { house, repository } = await poemRace()
  const init = 'vim.o.cmdheight = 0'
  const editor = await startNeovim(house, repository, { version, columns: 60, init, quiet: false })
  editor.command('KageReview r99')
  await editor.shows(/r99[^]*:KageDash shows what there is/)
  expect(editor.screen()).not.toContain('Press ENTER')
  expect(await editor.lua('return vim.o.cmdheight')).toBe(3)
  editor.command('KageDash')
  await editor.shows('✓ ada')
  expect(await editor.lua('return vim.o.cmdheight')).toBe(0)
})

test('tab and status lines name what is open', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  await editor.shows(/^ ?.*Kage review r1/)
  editor.type('?')
  await editor.shows(/^.*Kage keys/)
  editor.type('q')
  editor.command('w')
  await editor.shows(/^.*Kage question/)
  editor.type('q')
  expect(editor.screen()).not.toContain('[Scratch]')
  editor.type('q')
  await alone(editor)
  await editor.lua('vim.o.laststatus = 3')
  editor.command('KageDash')
  await editor.shows(/Kage dashboard/)
  editor.type('q')
  await alone(editor)
})

test('a review whose tab page is closed is gone, and opens again', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.command('tabclose')
  await alone(editor)
  await reopenReview(editor)
  editor.type('1')
  await editor.decided({ g1: '✓1' })
})

test('a session that was written with a review open is read again without a trace of it', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository, { files: ['poem.txt'] })
  const session = `${house.directory}/Session.vim`
  await editor.lua('vim.cmd.mksession(...)', session)
  const again = await startNeovim(house, repository)
  await again.lua('vim.cmd.source(...)', session)
  expect(await again.lua('return vim.fn.expand("%:t")')).toBe('poem.txt')
  expect(await again.lua('return #vim.api.nvim_list_tabpages()')).toBe(1)
  expect(await again.lua('return vim.tbl_map(vim.fn.bufname, vim.api.nvim_list_bufs())')).toEqual([
    'poem.txt',
  ])
})

test('a host that is started again serves the views that are open', async () => {
  const { house, repository } = await poemRace()
  const editor = await startReview(house, repository)
  editor.type('1')
  await editor.decided({ g1: '✓1' })
  editor.command('Kage restart')
  editor.type('2')
  await editor.decided({ g1: '✓1', g2: '✓2' })
  process.kill(await editor.host(), 'SIGKILL')
  editor.type('1')
  await editor.decided({ g1: '✓1', g2: '✓2', g3: '✓1' })
  editor.type('g', 'h', 'G')
  await until(async () => Object.values(editor.marks()).filter((mark) => mark !== '').length > 3)
})

test('an answer to a host that is gone is not taken for another question', async () => {
  const { house, repository } = await poemRace()
  const editor = await startNeovim(house, repository)
  editor.command('Kage clean')
  await editor.shows('Remove worktrees and panes of every ended run')
  const first = await editor.host()
  process.kill(first, 'SIGKILL')
  await until(() => !isRunning(first))
  await editor.lua(`require('kage.command').run('clean', 'r1')`)
  await editor.shows('panes of r1?')
  await editor.lua(`vim.api.nvim_win_close(0, true)`)
  await editor.shows('every ended run')
  await editor.lua(`require('kage.command').run('clean', 'r1')`)
  await editor.shows('panes of r1?')
  await editor.lua(`for _, window in ipairs(vim.api.nvim_list_wins()) do
    local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
    if table.concat(lines):find('every ended run') then vim.api.nvim_set_current_win(window) end
  end`)
  editor.type('y')
  await until(async () => (await editor.notes()).some((note) => note.includes('nothing was done')))
  editor.type('q')
  const { run } = await house.done<{ run: { agents: { worktree: string }[] } }>(repository, ['show', 'r1'])
  expect(existsSync(run.agents[0]?.worktree ?? '')).toBe(true)
})

const remember = `_G.remembered = function()
  local options = {}
  for name, info in pairs(vim.api.nvim_get_all_options_info()) do
    local ok, value = pcall(function() return vim.go[name] end)
    if ok and info.scope == 'global' then options[name] = value end
  end
  local registers = {}
  for name in ('"0123456789abz-/'):gmatch('.') do registers[name] = vim.fn.getreg(name) end
  local windows = {}
  for _, name in ipairs({ 'number', 'wrap', 'cursorline', 'winbar', 'winhighlight', 'diff', 'scrolloff', 'list' }) do
    windows[name] = vim.wo[name]
  end
  return {
    options = options, registers = registers, windows = windows, errmsg = vim.v.errmsg, alternate = vim.fn.bufname('#'),
    jumps = #vim.fn.getjumplist()[1], marks = vim.fn.getmarklist(vim.fn.bufnr()), global = #vim.fn.getmarklist(),
    line = vim.fn.line('.'), hlsearch = vim.v.hlsearch, tabs = #vim.api.nvim_list_tabpages(), cwd = vim.fn.getcwd(),
    buffers = vim.tbl_map(vim.api.nvim_buf_get_name, vim.api.nvim_list_bufs()),
    history = vim.fn.histget('search', -1), maps = #vim.api.nvim_get_keymap(''),
  }
end`

const prepare = `vim.cmd('edit other.txt | edit poem.txt | normal! ggyy3Gma"byy')
  vim.o.number = true
  vim.fn.setreg('/', 'line 7')
  vim.fn.histadd('search', 'line 7')
  vim.v.errmsg = ''`

/** Waits until the person's only window is left. */
async function alone(editor: Editor): Promise<void> {
  await until(async () => (await editor.lua<number>('return #vim.api.nvim_list_wins()')) === 1)
}
