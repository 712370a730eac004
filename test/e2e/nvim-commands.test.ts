import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gitIn, makeRepository, writeFiles, commitAll } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { type Editor, startNeovim } from '../support/neovim.ts'
import { agentNow, runNow, spawnRun, statuses, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'
import { makeWorkers } from '../support/worker.ts'

test('interrupt, pause, resume and stop work on a run, on an agent, and on whoever is chosen', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  await spawnRun(house, repository, '-n', '2')
  await untilAll(house, repository, 'working')
  const editor = await startNeovim(house, repository)
  editor.command('Kage pause r1')
  await untilAll(house, repository, 'paused')
  editor.command('Kage resume ada-1')
  await until(async () => (await agentNow(house, repository, 'ada-1')).status === 'working')
  editor.command('Kage stop')
  const screen = await editor.shows('Kage: stop which?')
  expect(screen).toContain('1: r1  all 2 agents')
  expect(screen).toContain('2: ● r1/ada-1')
  expect(screen).toContain('3: ‖ r1/ada-2')
  editor.type('1', 'Enter')
  await until(async () => statuses(await runNow(house, repository)).every((status) => status === 'stopped'))
  editor.command('Kage pause')
  await noted(editor, 'There is no agent to pause here.')
})

test('the log goes on as things happen, and stays at its end', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  const editor = await startNeovim(house, repository)
  editor.command('Kage log')
  await editor.shows('daemon.started')
  editor.type('G')
  await spawnRun(house, repository)
  await editor.shows('agent.started')
  expect(await editor.lua('return vim.bo.filetype')).toBe('kage-log')
  await house.done(repository, ['stop', 'r1'])
  for (let times = 0; times < 15; times++) {
    await house.done(repository, ['resume', 'r1'])
    await house.done(repository, ['stop', 'r1'])
  }
  await until(async () => {
    const [line, last] = await editor.lua<[number, number]>('return { vim.fn.line("."), vim.fn.line("$") }')
    return last > 40 && line === last
  })
  editor.type('q')
  editor.command('Kage log ada')
  await editor.shows('Kage: log of r1/ada')
  await until(() => !editor.screen().includes('daemon.started'))
})

test('the cost is shown with what is unknown as unknown', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  await spawnRun(house, repository)
  const editor = await startNeovim(house, repository)
  editor.command('Kage cost')
  await editor.shows(/ada +\? +0 turns +0 in +0 out/)
})

test('branches that anyone made are compared, and a landing is taken back with its buffer read again', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  gitIn(repository, ['switch', '--quiet', '-c', 'mine'])
  writeFiles(repository, { 'a.txt': 'one\nTWO\nthree\n' })
  commitAll(repository, 'mine')
  gitIn(repository, ['switch', '--quiet', 'main'])
  const editor = await startNeovim(house, repository, { files: ['a.txt', 'src/b.txt'] })
  editor.command('Kage compare mine')
  await noted(editor, 'r1 compares mine')
  await house.done(repository, ['pick', 'r1', '--from', 'mine'])
  await editor.lua('vim.cmd.checktime()')
  await editor.shows('TWO')
  await editor.lua(`vim.api.nvim_buf_set_lines(0, 0, 1, false, { 'mine' })`)
  editor.command('KageUndo')
  await noted(editor, 'There are unsaved changes in a.txt.')
  expect(readFileSync(join(repository, 'a.txt'), 'utf8')).toBe('one\nTWO\nthree\n')
  await editor.lua('vim.cmd.undo()')
  editor.command('KageUndo')
  await noted(editor, '1 file as before')
  await until(
    async () =>
      (await editor.lua<string[]>('return vim.api.nvim_buf_get_lines(0, 0, -1, false)'))[1] === 'two',
  )
  expect(readFileSync(join(repository, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\n')
  editor.command('KageUndo')
  await noted(editor, '(KAGE_UNDO_UNKNOWN)')
})

test('clean asks first, and with a bang does not', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'true')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  const editor = await startNeovim(house, repository)
  editor.command('Kage clean')
  await editor.shows('Remove worktrees and panes of every ended run of this repository?')
  editor.type('q')
  await until(() => !editor.screen().includes('q cancel'))
  editor.command('Kage! clean r1')
  await noted(editor, 'Removed: r1')
})

test('of several runs the one to review is chosen, and one that was cleaned is reviewed by its snapshots', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'echo $KAGE_RUN > a.txt')
  for (const task of ['first', 'second', 'third'])
    await house.done(repository, ['spawn', '--wait', '--timeout', '20', task])
  const editor = await startNeovim(house, repository)
  editor.command('KageReview')
  const screen = await editor.shows('Kage: review which run?')
  expect(screen).toMatch(/1: r3 {2}done: third\s+2: r2 {2}done: second\s+3: r1 {2}done: first/)
  editor.type('2', 'Enter')
  await editor.shows('r2 · 1 of 1 open')
  editor.command('KageReview r1')
  await editor.shows('r1 · 1 of 1 open')
  expect(await editor.lua('return #vim.api.nvim_list_tabpages()')).toBe(2)
  editor.command('KageReview r2')
  await editor.shows('r2 · 1 of 1 open')
  editor.type('1')
  await editor.shows('r2 · 0 of 1 open · 1 to land')
  editor.command('tabfirst')
  editor.command('KageReview r2')
  await until(async () => (await editor.lua<number>('return vim.fn.tabpagenr()')) === 2)
  editor.type('u')
  await editor.shows('r2 · 1 of 1 open')
  editor.type('q')
  await until(() => !editor.screen().includes('r2 ·'))
  editor.command('KageReview!')
  await editor.shows('r3 · 1 of 1 open')
  editor.type('q')
  await house.done(repository, ['clean', 'r2'])
  await house.done(repository, ['clean', 'r3'])
  editor.command('KageReview')
  await editor.shows('r1 · 1 of 1 open')
  editor.type('1')
  await editor.shows('r1 · 0 of 1 open · 1 to land')
  await house.done(repository, ['clean', 'r1'])
  editor.type('R')
  editor.command('w')
  await editor.shows('y land')
  editor.type('y')
  await until(() => readFileSync(join(repository, 'a.txt'), 'utf8') === 'r1\n')
  editor.type('q')
  editor.command('KageReview')
  await noted(editor, 'Every run of this repository is cleaned.\n:KageReview r3 shows')
  editor.command('KageReview r3')
  await editor.shows('r3 · 1 of 1 open')
})

test('worktrees: the picker, the round, closing leads back', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  await spawnRun(house, repository, '-n', '3')
  const { agents } = await untilAll(house, repository, 'working')
  const editor = await startNeovim(house, repository, { files: ['src/b.txt'] })
  const here = (): Promise<string | null> => editor.lua('return vim.t.kage_agent')
  editor.command('KageJump')
  await editor.shows('Kage: whose worktree?')
  editor.type('2', 'Enter')
  await until(async () => (await here()) === 'r1/ada-2')
  expect(await editor.lua('return vim.api.nvim_buf_get_name(0)')).toBe(
    join(agents[1]?.worktree ?? '', 'src/b.txt'),
  )
  for (const [command, agent] of [
    ['KageNext', 'r1/ada-3'],
    ['KageNext', 'r1/ada-1'],
    ['KagePrev', 'r1/ada-3'],
    ['KageJump ada-2', 'r1/ada-2'],
  ] as const) {
    editor.command(command)
    await until(async () => (await here()) === agent)
  }
  expect(await editor.lua('return #vim.api.nvim_list_tabpages()')).toBe(2)
  editor.command('tabclose')
  await until(async () => (await editor.lua<string>('return vim.fn.getcwd()')) === repository)
  editor.command('KageJump ada-1')
  await until(async () => (await here()) === 'r1/ada-1')
  await editor.lua('vim.cmd("tabnew | let t:third = 1 | tabclose 2")')
  expect(await editor.lua('return { vim.t.third, #vim.api.nvim_list_tabpages() }')).toEqual([1, 2])
  editor.command('KageJump nobody')
  await noted(editor, 'No agent "nobody" has a worktree here.')
})

test('commands of later versions, unknown ones and wrong words are refused with the next step', async () => {
  const house = makeHouse()
  const editor = await startNeovim(house, makeRepository())
  for (const [command, note] of [
    ['KagePlan a plan', ':Kage plan is not in this version.\nSee `:help kage-commands`. (KAGE_USAGE)'],
    ['Kage check r1', ':Kage check is not in this version.'],
    ['Kage judge r1', ':Kage judge is not in this version.'],
    ['Kage dsah', '"dsah" is not a command of Kage; the nearest is "dash".'],
    ['KageSpawn -x go', ':KageSpawn has no option "-x".'],
    ['KageReview', 'This repository has no run yet.\n:KageSpawn starts one. (KAGE_RUN_UNKNOWN)'],
    ['KageSend hello', 'No agent is at work here.'],
    ['KageNext', 'No agent has a worktree here.'],
    ['KageSpawn fix it', 'yet. (KAGE_AGENT_MODEL)\nPut into '],
    ['KageSpawn -a nobody go', '(KAGE_AGENT_UNKNOWN)'],
  ] as const) {
    editor.command(command)
    await noted(editor, note)
  }
})

test('the health check looks at everything and starts nothing', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const editor = await startNeovim(house, repository, { rows: 60, columns: 120 })
  await editor.lua(`vim.cmd('checkhealth kage')`)
  const lines = (await editor.lua<string[]>('return vim.api.nvim_buf_get_lines(0, 0, -1, false)')).join('\n')
  for (const part of [
    'Neovim 0.',
    'The build is there.',
    'Node: ',
    'The host is not started',
    'The daemon is down',
    'git: ',
    'tmux: ',
    'configuration: ',
    'WARNING agent: Agent "coder" has no provider and no model yet.',
    'model = "NAME-OF-A-MODEL"',
  ])
    expect(lines).toContain(part)
  expect(lines).not.toContain('ERROR')
  expect((await house.done<{ pid: number | null }>(repository, ['daemon', 'status'])).pid).toBeNull()
})

function noted(editor: Editor, text: string): Promise<string> {
  return until(async () => (await editor.notes()).find((note) => note.includes(text)))
}
