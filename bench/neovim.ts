import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { KageEvent } from '../src/core/event.ts'
import { type House, makeHouse } from './support/house.ts'
import { type Editor, neovimProgram, startNeovim, wordsOf } from './support/neovim.ts'
import { makeRepository } from './support/repository.ts'
import { middle, report } from './support/report.ts'
import { rounds } from './support/rounds.ts'

const firstCommand = `
  local start = vim.uv.hrtime()
  vim.cmd('Kage follow')
  vim.wait(5000, function() return require('kage.host').report().phase == 'ready' end, 1)
  return (vim.uv.hrtime() - start) / 1e6`

const frames = `
  local ui, times = require('kage.ui'), {}
  ui.open({ view = 'bench', place = 'float', keys = {}, panes = { { name = 'bench', filetype = 'kage-bench', share = 1 } } },
    { name = 'nothing', payload = {} })
  for seq = 1, 60 do
    local lines, rows, marks = {}, {}, {}
    for line = 1, 200 do
      lines[line] = ('  ● agent-%d  working  %ds  12t  45k  $0.12  3f +40 -2  its program runs'):format(line, seq)
      rows[line] = 'r1/agent-' .. line
      marks[#marks + 1] = { line - 1, 2, 5, 'KageWorking' }
      marks[#marks + 1] = { line - 1, 17, 24, 'KageDim' }
    end
    local frame = { view = 'bench', seq = seq, panes = { { name = 'bench', title = 't', footer = 'f', lines = lines,
      rows = rows, marks = marks, cursor = vim.NIL } } }
    local start = vim.uv.hrtime()
    ui.paint(frame)
    times[seq] = (vim.uv.hrtime() - start) / 1e6
  end
  ui.close('bench')
  return times`

const watch = `
  local ui = require('kage.ui')
  local paint = ui.paint
  ui.paint = function(frame)
    local start = vim.uv.hrtime()
    local painted = paint(frame)
    vim.cmd.redraw()
    _G.block = math.max(_G.block or 0, (vim.uv.hrtime() - start) / 1e6)
    local line = table.concat(frame.panes[1].lines, '\\n'):match('writer%-1 [^\\n]*')
    if _G.wanted and not _G.seen and line and line:find(_G.wanted .. ' ') then
      local seconds, micros = vim.uv.gettimeofday()
      _G.seen = seconds * 1000 + micros / 1000
    end
    return painted
  end`

/** What a person in Neovim feels of Kage: its start, its commands, and the dashboard while agents work. */
const house = makeHouse()

try {
  house.agents({ writer: 'while :; do date >> log.txt; sleep 0.05; done' })
  const repository = makeRepository(house, 'repository', 20)
  await measureStart()
  await measureFirstCommand(repository)
  const editor = await startNeovim(house, repository)
  try {
    await measureSpawn(editor)
    await measureFrame(editor)
    await measureLife(editor, repository)
  } finally {
    await editor.close()
  }
} finally {
  house.close()
}

async function measureStart(): Promise<void> {
  const [withPlugin, without] = [wordsOf(house, true), wordsOf(house, false)]
  const measured = await rounds(
    () => startMs(house, withPlugin),
    () => startMs(house, without),
    10_000,
  )
  // A busy machine only ever adds: the quickest start of each is what Neovim itself takes.
  const quickest = (side: 'kage' | 'floor'): number => Math.min(...measured.map((round) => round[side]))
  report({
    figure: 'start of Neovim, more by the plugin',
    kage: quickest('kage') - quickest('floor'),
    floor: null,
    aim: '≤ 1 ms',
    unit: 'ms',
  })
}

/** What Neovim itself says of its start, to the end of it. */
function startMs({ directory, environment, run }: House, words: readonly string[]): number {
  const file = join(directory, 'startup')
  rmSync(file, { force: true })
  run(neovimProgram, ['--headless', ...words, '--startuptime', file, '+qall'], directory, environment)
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .findLast((each) => each.includes('NVIM STARTED'))
  return Number(line?.split(/\s+/)[0])
}

async function measureFirstCommand(repository: string): Promise<void> {
  house.kage(repository, ['daemon', 'start'])
  const times: number[] = []
  for (let round = 0; round < 15; round++) {
    const editor = await startNeovim(house, repository)
    times.push(await editor.lua<number>(firstCommand))
    await editor.close()
  }
  report({
    figure: 'first command until the host answers',
    kage: middle(times),
    floor: nodeMs(),
    aim: '≤ 150 ms',
    unit: 'ms',
  })
}

function nodeMs(): number {
  const times = Array.from({ length: 9 }, () => {
    const start = performance.now()
    spawnSync(process.execPath, ['-e', '0'])
    return performance.now() - start
  })
  return middle(times)
}

async function measureSpawn(editor: Editor): Promise<void> {
  await editor.lua(`vim.cmd('KageDash')
    vim.wait(5000, function() return require('kage.host').report().phase == 'ready' end, 1)`)
  const ms = await editor.lua<number>(`
    local start = vim.uv.hrtime()
    vim.cmd('KageSpawn 16 write for a while')
    return (vim.uv.hrtime() - start) / 1e6`)
  report({ figure: ':KageSpawn until Neovim is free', kage: ms, floor: null, aim: '≤ 16 ms', unit: 'ms' })
}

async function measureFrame(editor: Editor): Promise<void> {
  const times = await editor.lua<number[]>(frames)
  report({
    figure: 'a frame of 200 lines, all of them new',
    kage: middle(times),
    floor: null,
    aim: '≤ 2 ms',
    unit: 'ms',
  })
}

/** Sixteen agents write while one is paused and resumed: the loop's longest pause, and how old a change is when it is drawn. */
async function measureLife(editor: Editor, repository: string): Promise<void> {
  await editor.lua(watch)
  await pause(2_000)
  await editor.lua('_G.block = 0')
  const changed: number[] = []
  for (let round = 0; round < 20; round++) {
    for (const control of ['pause', 'resume']) {
      await editor.lua('_G.wanted, _G.seen = ..., nil', control === 'pause' ? 'paused' : 'working')
      house.kage(repository, [control, 'r1/writer-1'])
      const seen = await editor.lua<number>(
        'vim.wait(5000, function() return _G.seen ~= nil end, 1); return _G.seen',
      )
      changed.push(seen - eventMs(repository, `agent.${control}d`))
    }
  }
  const worst = changed.toSorted((a, b) => a - b)[Math.floor(changed.length * 0.95)] ?? Number.NaN
  const block = await editor.lua<number>('return _G.block')
  report({
    figure: 'state change until it is on the screen, p95',
    kage: worst,
    floor: null,
    aim: '≤ 150 ms',
    unit: 'ms',
  })
  report({
    figure: 'longest block of Neovim’s loop, 16 agents',
    kage: block,
    floor: null,
    aim: '≤ 16 ms',
    unit: 'ms',
  })
}

function eventMs(repository: string, type: string): number {
  const { stdout } = spawnSync(join(import.meta.dirname, '../bin/kage'), ['--json', 'log', 'r1/writer-1'], {
    cwd: repository,
    env: { ...house.environment },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const events = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as KageEvent)
  return Date.parse(events.findLast((event) => event.type === type)?.at ?? '')
}
