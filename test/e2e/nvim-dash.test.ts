import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { dashKeys } from '../../src/nvim/dash/key.ts'
import { makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { type Editor, type NeovimOptions, neovims, startNeovim } from '../support/neovim.ts'
import { agentNow, spawnRun, untilAll } from '../support/run.ts'
import { attachTerminal } from '../support/terminal.ts'
import type { PrivateServer } from '../support/tmux-server.ts'
import { until } from '../support/until.ts'
import { holdUntil } from '../support/worker.ts'

test('inside tmux <CR> moves the person’s client to the agent’s pane', async () => {
  const { house, editor } = await dashboard({ inside: true }, talker)
  const server = { program: 'tmux', socket: house.tmuxSocket } as PrivateServer
  const terminal = attachTerminal(server, 'editor', 80, 24)
  await until(() => terminal.screen().includes('● ada'))
  editor.type('j', 'Enter')
  await until(() => terminal.screen().includes('I am r1/ada'))
})

test.for(neovims)(
  'outside tmux go opens a terminal at the agent’s pane, which goes when it ends (%s)',
  async (version) => {
    const { editor } = await dashboard({ version }, talker)
    editor.type('j', 'g', 'o')
    await editor.shows('I am r1/ada')
    await editor.shows('<C-\\><C-n> and :tabclose lead back')
    expect(await editor.lua('return vim.bo.buftype')).toBe('terminal')
    expect(await editor.lua('return #vim.api.nvim_list_tabpages()')).toBe(2)
    editor.type('C-b', 'd')
    await until(async () => (await editor.lua<number>('return #vim.api.nvim_list_tabpages()')) === 1)
  },
)

test('s sends to the agent of the line, and on a run’s line to all', async () => {
  const { house, editor, repository } = await dashboard({}, listener, 2)
  editor.type('j', 's')
  await editor.shows('To r1/ada-1:')
  editor.type('-l', 'hello you')
  editor.type('Enter')
  const heard = (name: string): string => readOr(join(house.directory, `r1-${name}`))
  await until(() => heard('ada-1') === 'hello you\n')
  await until(async () =>
    (await editor.notes()).some((note) => note.includes('r1/ada-1: typed into its pane')),
  )
  editor.type('k', 's')
  await editor.shows('To r1:')
  editor.type('-l', 'all of you')
  editor.type('Enter')
  await until(() => heard('ada-1').endsWith('all of you\n') && heard('ada-2') === 'all of you\n')
  expect((await agentNow(house, repository, 'r1/ada-2')).status).toBe('working')
})

test('x interrupts, S stops after a question, and what was answered with no goes on', async () => {
  const { house, editor, repository } = await dashboard(
    {},
    (directory) =>
      `trap 'echo >> "${directory}/caught"' INT; echo ready > ready.txt; while :; do sleep 0.05; done`,
  )
  const { worktree } = await agentNow(house, repository, 'r1/ada')
  await until(() => existsSync(join(worktree, 'ready.txt')))
  editor.type('j', 'x')
  await until(() => existsSync(join(house.directory, 'caught')))
  editor.type('S')
  await editor.shows('Stop r1/ada?')
  editor.type('q')
  await until(() => !editor.screen().includes('q cancel'))
  expect((await agentNow(house, repository, 'r1/ada')).status).toBe('working')
  editor.type('S')
  await editor.shows('Stop r1/ada?')
  editor.type('y')
  await editor.shows(/■ ada +stopped/)
})

test('c removes a run’s worktrees after a question, and the run is shown no more', async () => {
  const { house, editor, repository } = await dashboard({}, () => 'true')
  const { worktree } = await agentNow(house, repository, 'r1/ada')
  await untilAll(house, repository, 'done')
  await editor.shows(/✓ ada/)
  editor.type('j', 'c')
  await editor.shows('Remove worktrees and panes of r1?')
  editor.type('y')
  await editor.shows('No runs in this repository yet.')
  expect(existsSync(worktree)).toBe(false)
})

test('a shows the runs of all repositories, and again those of this one', async () => {
  const { house, editor } = await dashboard({}, () => 'sleep 60')
  const other = makeRepository()
  await spawnRun(house, other)
  expect(editor.screen()).not.toContain('r2')
  editor.type('a')
  await editor.shows('Kage: all repositories')
  await editor.shows(/r2 \w+ repository: a task/)
  editor.type('a')
  await editor.shows('Kage: runs of this repository')
  await until(() => !editor.screen().includes('r2'))
})

test('from an agent’s worktree the dashboard shows the runs of the repository it belongs to', async () => {
  const { editor } = await dashboard({}, () => 'sleep 60')
  editor.type('j', 'g', 'w')
  await until(async () => (await editor.lua<string | null>('return vim.t.kage_agent')) === 'r1/ada')
  editor.command('KageDash')
  await editor.shows(/● ada +working/)
})

test('a dashboard that nobody sees is not painted by the clock, and is right when it is seen again', async () => {
  const { house, editor, repository } = await dashboard({}, () => 'sleep 60')
  await editor.lua(`_G.painted = 0
    local ui = require('kage.ui')
    local paint = ui.paint
    ui.paint = function(...)
      _G.painted = _G.painted + 1
      return paint(...)
    end`)
  const painted = (): Promise<number> => editor.lua('return _G.painted')
  await until(async () => (await painted()) >= 2)
  await editor.lua('vim.cmd.tabnew()')
  await pause(300)
  const before = await painted()
  await pause(2_200)
  expect(await painted()).toBe(before)
  await house.done(repository, ['pause', 'r1'])
  await until(async () => (await painted()) > before)
  await editor.lua('vim.cmd.tabprevious()')
  await editor.shows(/‖ ada +paused +[1-9]s/)
})

test('? names every key, and r leads to the review', async () => {
  const { editor } = await dashboard({ rows: 30 }, () => 'sleep 60')
  editor.type('?')
  const screen = await editor.shows('Kage: keys')
  for (const { key, help } of dashKeys)
    expect(screen).toMatch(new RegExp(`${key.replace('?', '\\?')} +${help}`))
  editor.type('q')
  await until(() => !editor.screen().includes('Kage: keys'))
  expect(await editor.lua('return vim.fn.maparg("r", "n", false, true).rhs')).toBe('<Plug>(kage-dash-review)')
})

test('a key on a line without a run says so, and harms nothing', async () => {
  const house = makeHouse()
  const editor = await startNeovim(house, makeRepository())
  editor.command('KageDash')
  await editor.shows('No runs in this repository yet.')
  for (const key of ['Enter', 's', 'p', 'x', 'S']) editor.type(key)
  await until(async () => (await editor.notes()).length === 5)
  expect(new Set(await editor.notes())).toEqual(
    new Set(['Kage: There is no run or agent on this line.\nGo to one first. (KAGE_USAGE)']),
  )
})

test('outside a repository commands say where to go, and the dashboard shows everything', async () => {
  const house = makeHouse()
  const editor = await startNeovim(house, house.directory)
  editor.command('KageSpawn go on')
  await until(async () => (await editor.notes()).some((note) => note.includes('(KAGE_NOT_A_REPOSITORY)')))
  editor.command('KageDash')
  await editor.shows('No runs yet.')
})

type Script = (directory: string) => string

const talker: Script = (directory) => `echo "I am $KAGE_AGENT"; ${holdUntil(join(directory, 'never'))}`
const listener: Script = (directory) =>
  `while IFS= read -r line; do echo "$line" >> "${directory}/$(echo $KAGE_AGENT | tr / -)"; done`

/** A Neovim at the dashboard of a repository with one run. */
async function dashboard(
  options: NeovimOptions,
  script: Script,
  count = 1,
): Promise<{ house: House; repository: string; editor: Editor }> {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', script(house.directory))
  await house.done(repository, ['spawn', '-n', String(count), 'a task'])
  const editor = await startNeovim(house, repository, options)
  editor.command('KageDash')
  await editor.shows(/[●✓] ada/)
  return { house, repository, editor }
}

function readOr(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
