import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type House, makeHouse } from './support/house.ts'
import { type Editor, startNeovim } from './support/neovim.ts'
import { makeRepository, pathOf } from './support/repository.ts'
import { middle, report } from './support/report.ts'

const watch = `
  local last = vim.uv.hrtime()
  _G.block = 0
  vim.uv.new_timer():start(1, 1, function()
    local now = vim.uv.hrtime()
    _G.block = math.max(_G.block, (now - last) / 1e6)
    last = now
  end)`

const open = `
  local start = vim.uv.hrtime()
  vim.cmd('KageReview r1')
  local shown = vim.wait(60000, function()
    local view = require('kage.ui').view('review')
    return view and vim.api.nvim_buf_line_count(view.panes.regions.buffer) > 1000
  end, 1)
  return shown and (vim.uv.hrtime() - start) / 1e6 or -1`

const press = `
  local view = require('kage.ui').view('review')
  local title = function()
    local config = vim.api.nvim_win_get_config(view.panes.regions.window)
    return vim.inspect(config.title)
  end
  local before, start = title(), vim.uv.hrtime()
  vim.api.nvim_set_current_win(view.panes.regions.window)
  vim.api.nvim_feedkeys('1', 'xt', false)
  local changed = vim.wait(10000, function() return title() ~= before end, 1)
  return changed and (vim.uv.hrtime() - start) / 1e6 or -1`

/** A review of ten candidates that each changed the same 5,000 places in their own way, in a real Neovim: opened, and decided in. */
const [candidates, files, placesPerFile] = [10, 1000, 5]
const house = makeHouse()

try {
  const repository = makeRepository(house, 'repository', files)
  const branches = Array.from({ length: candidates }, (_, index) => makeBranch(house, repository, index))
  house.kage(repository, ['compare', ...branches])
  const editor = await startNeovim(house, repository)
  try {
    await measure(editor)
  } finally {
    await editor.close()
  }
} finally {
  house.close()
}

async function measure(editor: Editor): Promise<void> {
  await editor.lua(`vim.cmd('Kage follow')
    vim.wait(5000, function() return require('kage.host').report().phase == 'ready' end, 1)`)
  const regions = files * placesPerFile
  const figure = `a review of ${candidates} candidates, ${regions} regions`
  await editor.lua(watch)
  const opened = await editor.lua<number>(open)
  report({ figure: `${figure}: until it is shown`, kage: opened, floor: null, aim: 'none', unit: 'ms' })
  const blocked = await editor.lua<number>('local block = _G.block _G.block = 0 return block')
  report({
    figure: `${figure}: longest block while it opens`,
    kage: blocked,
    floor: null,
    aim: '≤ 33 ms',
    unit: 'ms',
  })
  const keys: number[] = []
  for (let count = 0; count < 30; count += 1) keys.push(await editor.lua<number>(press))
  report({
    figure: `${figure}: a key until it is on the screen`,
    kage: middle(keys),
    floor: null,
    aim: '≤ 33 ms',
    unit: 'ms',
  })
  const block = await editor.lua<number>('return _G.block')
  report({
    figure: `${figure}: longest block while keys are pressed`,
    kage: block,
    floor: null,
    aim: '≤ 33 ms',
    unit: 'ms',
  })
}

/** A branch with its own change at every place. */
function makeBranch({ run }: House, repo: string, index: number): string {
  const name = `side-${index}`
  run('git', ['-C', repo, 'checkout', '--quiet', '-b', name, 'main'])
  for (let file = 0; file < files; file++) {
    const path = join(repo, pathOf(file))
    const lines = readFileSync(path, 'utf8').split('\n')
    for (let place = 0; place < placesPerFile; place++) lines[3 + place * 7] += ` // by ${name}`
    writeFileSync(path, lines.join('\n'))
  }
  run('git', ['-C', repo, 'commit', '--quiet', '--all', '-m', name])
  run('git', ['-C', repo, 'checkout', '--quiet', 'main'])
  return name
}
