import { existsSync, globSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { attached, openAgents } from '../support/attached.ts'
import type { Attached } from '../support/attached.ts'
import { temporaryDirectory } from '../support/temporary.ts'
import { attachTerminal } from '../support/terminal.ts'
import { until } from '../support/until.ts'

const neovims = ['0.10', '0.12'].map((version) =>
  join(import.meta.dirname, `../../.tools/nvim-${version}/nvim`),
)
const hostile = `it's "x", #(touch m) $(touch m) \`touch m\` $HOME a\\ [b] {c} #{pane_id} é`

// Commands of the names that the plugin has: they show where and how they were called, and end as its views do.
const views = `
local function view(name)
  return function(call)
    local buffer = vim.api.nvim_create_buf(false, true)
    vim.bo[buffer].filetype = 'kage-' .. name
    local lines = { 'view ' .. name .. ' <' .. call.args .. '> pane ' .. vim.env.TMUX_PANE, vim.uv.cwd() }
    vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
    local size = { relative = 'editor', row = 1, col = 1, width = 80, height = 10 }
    local window = vim.api.nvim_open_win(buffer, true, size)
    vim.keymap.set('n', 'q', function()
      vim.api.nvim_win_close(window, true)
      vim.api.nvim_exec_autocmds('User', { pattern = 'KageViewClosed', data = { view = name } })
    end, { buffer = buffer })
  end
end
vim.api.nvim_create_user_command('KageDash', view 'dash', {})
vim.api.nvim_create_user_command('KageReview', view 'review', { nargs = '?' })
`

test.each(neovims.filter(existsSync))(
  'the dashboard and the review open over a pane and end with their view: %s',
  async (nvim) => {
    const { server, terminal, press, current } = await opened(nvim)
    const own = current()
    await press('d', () => terminal.screen().includes(`view dash <> pane ${own}`))
    await leave(terminal)
    await press('r', () => terminal.screen().includes(`view review <> pane ${own}`))
    await leave(terminal)
    const [one = ''] = openAgents(server, 1)
    server.tmux('set-option', '-p', '-t', one, '@kage_run', 'r1')
    await press('1', () => current() === one)
    await press('r', () => terminal.screen().includes(`view review <r1> pane ${one}`))
    await leave(terminal)
  },
)

test("a popup is in its pane's directory, and over an agent in its run's repository, whatever they are called", async () => {
  const { server, plugin, terminal, press, current } = await opened()
  const home = realpathSync(temporaryDirectory())
  const places = ['own', 'repository'].map((name) => join(home, `${name} ${hostile}`))
  for (const place of places) mkdirSync(place)
  const [own = '', repository = ''] = places
  server.tmux('respawn-pane', '-k', '-t', current(), '-c', own.replaceAll('#', '##'), '--', 'cat')
  await until(() => server.tmux('display-message', '-p', '-t', current(), '#{pane_current_path}') === own)
  await press('d', () => squeezed(terminal).includes(own.replaceAll(/\s/g, '')))
  await leave(terminal)
  const [one = ''] = openAgents(server, 1)
  server.tmux('set-option', '-p', '-t', one, '@kage_repository', repository)
  await press('1', () => current() === one)
  await press('d', () => squeezed(terminal).includes(repository.replaceAll(/\s/g, '')))
  await leave(terminal)
  for (const place of [own, repository, plugin.directory]) expect(readdirSync(place)).not.toContain('m')
})

test('a missing or too old Neovim is told with the next step, until a key is pressed', async () => {
  const { server, terminal, press } = await opened('/nowhere/nvim')
  await press('d', () => terminal.screen().includes('`/nowhere/nvim` is not to be found'))
  expect(terminal.screen()).toContain('set KAGE_NVIM to the program')
  terminal.type('x')
  await until(() => !terminal.screen().includes('kage:'))
  const old = join(temporaryDirectory(), 'nvim')
  writeFileSync(old, '#!/bin/sh\necho NVIM v0.9.5\n', { mode: 0o755 })
  server.tmux('set-environment', '-g', 'KAGE_NVIM', old)
  await press('r', () => terminal.screen().includes('is 0.9.'))
  terminal.type('x')
  await until(() => !terminal.screen().includes('kage:'))
})

test('a popup finds the Neovim that the daemon found, and one that only the login shell has on its PATH', async () => {
  const { server, terminal, press } = await opened('')
  const nvim = neovims.find(existsSync) ?? ''
  server.tmux('set-environment', '-gh', 'KAGE_NVIM_FOUND', nvim)
  await press('d', () => terminal.screen().includes('view dash'))
  await leave(terminal)
  server.tmux('set-environment', '-gh', 'KAGE_NVIM_FOUND', '/nowhere/nvim')
  const shell = join(temporaryDirectory(), 'shell')
  const login = `#!/bin/sh\n[ "$1" != -l ] || { shift; PATH=${dirname(nvim)}:$PATH; echo welcome; }\nexec /bin/sh "$@"\n`
  writeFileSync(shell, login, { mode: 0o755 })
  server.tmux('set-environment', '-g', 'SHELL', shell)
  await press('d', () => terminal.screen().includes('view dash'))
  await leave(terminal)
})

test('a popup with a file that was opened from the view stays until the file is left', async () => {
  const { terminal, press } = await opened()
  const file = join(temporaryDirectory(), 'poem.txt')
  writeFileSync(file, 'a line of the poem\n')
  await press('d', () => terminal.screen().includes('view dash'))
  terminal.type('-l', `:wincmd p | edit ${file} | wincmd w`)
  terminal.type('Enter')
  await until(() => terminal.screen().includes('view dash'))
  terminal.type('q')
  await until(() => terminal.screen().includes('a line of the poem'))
  terminal.type('-l', ':qall')
  terminal.type('Enter')
  await until(() => !terminal.screen().includes('a line of the poem'))
})

test('a popup with a tab page that was opened from the view stays until that is left', async () => {
  const { terminal, press } = await opened()
  await press('d', () => terminal.screen().includes('view dash'))
  terminal.type('-l', ':tab new | setlocal statusline=elsewhere | tabprevious')
  terminal.type('Enter')
  await until(() => terminal.screen().includes('view dash'))
  terminal.type('q')
  await until(() => !terminal.screen().includes('view dash'))
  terminal.type('g', 't')
  await until(() => terminal.screen().includes('elsewhere'))
  terminal.type('-l', ':qall')
  terminal.type('Enter')
  await until(() => !terminal.screen().includes('┌'))
})

test('a popup opens in the terminal whose key was pressed', async () => {
  const { server, terminal, press } = await opened()
  server.tmux('new-session', '-d', '-s', 'other', '-x', '100', '-y', '30', '--', 'cat')
  const other = attachTerminal(server, 'other')
  await until(() => other.screen().includes('[other]'))
  await press('d', () => terminal.screen().includes('view dash <> pane %0'))
  other.type('C-b', 'K', 'r')
  await until(() => other.screen().includes('view review <> pane %1'))
  expect(terminal.screen()).toContain('view dash')
})

test.each([['detach-client', '-s', 'user'], ['kill-server']])(
  'nothing of a popup is left after %s',
  async (...words) => {
    const { server, plugin, terminal, press } = await opened()
    await press('d', () => terminal.screen().includes('view dash'))
    const [link = ''] = globSync('/tmp/kage-popup-*/kage').filter(
      (each) => existsSync(each) && realpathSync(each) === plugin.directory,
    )
    expect(existsSync(link)).toBe(true)
    server.tmux(...words)
    await until(() => !existsSync(dirname(link)))
  },
)

/** An attached client of a server whose popups run that Neovim, with the plugin's commands as `views` has them. */
async function opened(nvim = neovims.find(existsSync) ?? 'nvim'): Promise<Attached> {
  const client = await attached()
  mkdirSync(join(client.plugin.directory, 'plugin'))
  writeFileSync(join(client.plugin.directory, 'plugin', 'kage.lua'), views)
  client.server.tmux('set-environment', '-g', 'KAGE_NVIM', nvim)
  client.server.tmux('set-environment', '-g', 'XDG_CONFIG_HOME', temporaryDirectory())
  return client
}

async function leave(terminal: Attached['terminal']): Promise<void> {
  terminal.type('q')
  await until(() => !terminal.screen().includes('┌'))
}

function squeezed(terminal: Attached['terminal']): string {
  return terminal.screen().replaceAll(/[\s│~]/g, '')
}
