import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { neovims, startNeovim } from '../support/neovim.ts'
import { agentNow, runNow, untilAll } from '../support/run.ts'
import { isRunning } from '../support/running.ts'
import { until } from '../support/until.ts'
import { makeWorkers } from '../support/worker.ts'

test.for(neovims)(
  'from :KageSpawn to the dashboard to an agent’s worktree and back (Neovim %s)',
  async (version) => {
    const house = makeHouse()
    const repository = makeRepository()
    const workers = makeWorkers(house)
    workers.add('ada')
    const editor = await startNeovim(house, repository, { version, files: ['a.txt'], quiet: false })
    await editor.shows('three')
    editor.command('KageSpawn 2 -a ada make it "quick" | and good')
    await editor.shows('r1: 2 of 2 agents at work')
    expect((await runNow(house, repository)).task).toBe('make it "quick" | and good')

    editor.command('KageDash')
    const screen = await editor.shows(/● ada-2 +working/)
    expect(screen).toContain('Kage: runs of this repository')
    expect(screen).toMatch(/r1 working make it "quick" \| and good +\?/)
    expect(screen).toContain('? help')
    await editor.shows(/working +[1-9]s/)

    editor.type('j', 'j', 'p')
    await editor.shows(/‖ ada-2 +paused/)
    expect((await agentNow(house, repository, 'r1/ada-2')).status).toBe('paused')
    editor.type('p')
    await editor.shows(/● ada-2 +working/)

    editor.type('g', 'w')
    await editor.shows('r1/ada-2:')
    const { worktree } = await agentNow(house, repository, 'r1/ada-2')
    expect(await editor.lua('return vim.fn.getcwd()')).toBe(worktree)
    expect(await editor.lua('return vim.api.nvim_buf_get_name(0)')).toBe(join(worktree, 'a.txt'))
    editor.command('KageNext')
    await until(async () => (await editor.lua<string>('return vim.t.kage_agent')) === 'r1/ada-1')
    expect(await editor.lua('return #vim.api.nvim_list_tabpages()')).toBe(2)
    editor.command('KageJump')
    await until(async () => (await editor.lua<string>('return vim.fn.getcwd()')) === repository)

    workers.letGo()
    await editor.shows('r1 is done, :KageReview r1 compares: ada-1 1 file, ada-2 1')
    await untilAll(house, repository, 'done')
    editor.command('KageDash')
    await editor.shows(/✓ ada-1 +done .* 1f \+1 -0/)
  },
)

test('the host is killed in between, and nothing is lost or done twice', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  const editor = await startNeovim(house, repository)
  editor.command('KageDash')
  await editor.shows('No runs in this repository yet.')
  const first = await editor.host()
  process.kill(first, 'SIGKILL')
  await until(() => !isRunning(first))
  await editor.lua(`require('kage.command').run('spawn', '2 go on')`)
  await editor.shows(/● ada-2 +working/)
  process.kill(await editor.host(), 'SIGKILL')
  await until(
    async () => (await editor.lua<string>('return require("kage.host").report().phase')) !== 'ready',
  )
  await house.done(repository, ['pause', 'r1/ada-1'])
  await editor.shows(/‖ ada-1 +paused/)
  editor.type('j', 'p')
  await editor.shows(/● ada-1 +working/)
  expect((await house.done<{ runs: unknown[] }>(repository, ['ls'])).runs).toHaveLength(1)
})

test('the daemon is killed in between: it is started again and the dashboard goes on', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  const editor = await startNeovim(house, repository)
  editor.command('KageSpawn go on')
  editor.command('KageDash')
  await editor.shows(/● ada +working/)
  await house.killDaemon()
  await until(
    async () => (await house.done<{ pid: number | null }>(repository, ['daemon', 'status'])).pid !== null,
  )
  await house.done(repository, ['pause', 'r1'])
  await editor.shows(/‖ ada +paused/)
})

test('a daemon that is stopped stays so, and the dashboard says it', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const editor = await startNeovim(house, repository)
  editor.command('KageDash')
  await editor.shows(':KageSpawn starts one.')
  await house.done(repository, ['daemon', 'stop'])
  await editor.shows('daemon is down')
  await editor.shows(':KageSpawn starts it.')
  expect((await house.done<{ pid: number | null }>(repository, ['daemon', 'status'])).pid).toBeNull()
})

test('two Neovims see the same, and what one does the other shows', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  const one = await startNeovim(house, repository)
  const other = await startNeovim(house, repository)
  for (const editor of [one, other]) editor.command('KageDash')
  await one.shows('No runs')
  await other.shows('No runs')
  await one.lua(`require('kage.command').run('spawn', 'together')`)
  await one.shows(/● ada +working/)
  await other.shows(/● ada +working/)
  other.type('j', 'p')
  await one.shows(/‖ ada +paused/)
})

test.for([
  [40, 15],
  [80, 24],
  [160, 50],
] as const)('the dashboard is whole on %i columns and %i rows', async ([columns, rows]) => {
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  const editor = await startNeovim(house, repository, { columns, rows })
  editor.command('KageSpawn 2 a rather long task, so that it does not fit into forty columns')
  editor.command('KageDash')
  await editor.shows(/● ada-1 +working/)
  const screen = await editor.shows(/● ada-2 +working/)
  expect(screen).toContain('? help')
  expect(screen).toContain('r1 working a rather')
  editor.type('G')
  editor.type('p')
  await editor.shows(/‖ ada-2 +paused/)
})

test('without colours the dashboard has none, and glyphs tell', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  const editor = await startNeovim(house, repository, { environment: { NO_COLOR: '1' } })
  editor.command('KageSpawn go on')
  editor.command('KageDash')
  await editor.shows(/● ada +working/)
  const line = editor
    .colours()
    .split('\n')
    .find((each) => each.includes('● ada'))
  expect(line).not.toMatch(/\u001b\[[0-9;]*[34][0-9]/)
})

test('what agents say about themselves cannot disturb the screen', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'sleep 60')
  const editor = await startNeovim(house, repository)
  const task = 'a\u001b[2Jb\u0007\u202ec'
  await house.done(repository, ['spawn', task])
  editor.command('KageDash')
  await editor.shows('a�[2Jb�⟨U+202E⟩c')
})

test('the person’s own autocommands hear of everything, with data', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  const editor = await startNeovim(house, repository, {
    init: `_G.heard = {}
      vim.api.nvim_create_autocmd('User', { pattern = 'Kage*', callback = function(e)
        table.insert(_G.heard, { name = e.match, data = e.data })
      end })`,
  })
  editor.command('KageSpawn go on')
  const heard = (): Promise<{ name: string; data: Record<string, unknown> }[]> =>
    editor.lua('return _G.heard')
  await until(async () => (await heard()).some(({ data }) => data['status'] === 'working'))
  expect(await editor.lua('return require("kage").status()')).toBe('●')
  expect(await editor.lua('return vim.fn.getcompletion("Kage stop r1", "cmdline")')).toEqual(['r1', 'r1/ada'])
  workers.letGo()
  await until(async () => (await heard()).some(({ name }) => name === 'KageRunDone'))
  const all = await heard()
  expect(all[0]).toMatchObject({
    name: 'KageRunStarted',
    data: { run: 'r1', task: 'go on', repo: repository },
  })
  expect(all.at(-1)).toMatchObject({ name: 'KageRunDone', data: { run: 'r1', status: 'done' } })
  expect(await editor.lua('return require("kage").status()')).toBe('')
})

test('text goes to an agent with the lines of a range, and to whom it is for', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const heard = join(house.directory, 'heard')
  for (const name of ['ada', 'bo'])
    house.agent(name, `while IFS= read -r line; do printf '${name} %s\\n' "$line" >> '${heard}'; done`)
  writeFileSync(heard, '')
  const editor = await startNeovim(house, repository, { files: ['a.txt'] })
  editor.command('KageSpawn go on')
  await untilAllWorking()
  await editor.lua('vim.cmd.cd("src")')
  editor.command('2,3KageSend bo look at these')
  await until(() => readFileSync(heard, 'utf8').split('\n').filter(Boolean).length === 7)
  expect(readFileSync(heard, 'utf8')).toBe(
    ['look at these', '', 'a.txt, lines 2 to 3:', '```', 'two', 'three', '```']
      .map((line) => `bo ${line}\n`)
      .join(''),
  )

  async function untilAllWorking(): Promise<void> {
    await until(async () => (await house.kage<{ run?: unknown }>(repository, ['show', 'r1'])).code === 0)
    await untilAll(house, repository, 'working')
  }
})
