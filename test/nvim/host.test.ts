import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { kageVersion } from '../../src/core/protocol/version.ts'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { type Editor, neovims, startNeovim } from '../support/neovim.ts'
import { isRunning } from '../support/running.ts'
import { eventsOf, untilAll } from '../support/run.ts'
import { temporaryDirectory } from '../support/temporary.ts'
import { until } from '../support/until.ts'

const root = resolve(import.meta.dirname, '../..')

test.for(neovims)('Neovim %s starts nothing until a command is used', async (version) => {
  const editor = await open({ version })
  expect(await editor.lua('return vim.tbl_keys(package.loaded)')).not.toContain('kage.host')
  expect(await editor.lua('return vim.fn.exists(":KageSpawn")')).toBe(2)
  editor.command('KageDash')
  await editor.shows('No runs in this repository yet.')
  expect(isRunning(await editor.host())).toBe(true)
})

test.for(neovims)(
  'a handler that fails tells code, message and next step, and later calls work (%s)',
  async (version) => {
    const editor = await open({ version })
    editor.command('Kage stop r99')
    await noted(editor, 'Kage: There is no run r99.\n`kage ls --all` lists every run. (KAGE_RUN_UNKNOWN)')
    await editor.lua('vim.rpcnotify(require("kage.host").report().channel, ..., { "press", vim.NIL })', call)
    await noted(editor, '(KAGE_INTERNAL)')
    editor.command('KageDash')
    await editor.shows('No runs in this repository yet.')
  },
)

test('an error fires KageError with its data', async () => {
  const editor = await open({
    init: `vim.api.nvim_create_autocmd('User', { pattern = 'KageError', callback = function(e) _G.told = e.data end })`,
  })
  editor.command('Kage spwan')
  const told = await until(() => editor.lua<Record<string, string> | null>('return _G.told'))
  expect(told['code']).toBe('KAGE_USAGE')
  expect(told['message']).toContain('spwan')
})

test('what the host and its children print does not reach the channel', async () => {
  const house = makeHouse()
  const place = pluginCopy()
  const file = join(place, 'dist/nvim.cjs')
  const stray = `
setInterval(() => {
  console.log('stray'); console.dir({ stray: 1 }); process.stdout.write('stray')
  require('node:fs').writeSync(1, 'stray')
  require('node:child_process').spawnSync('sh', ['-c', 'echo stray; cat'], { stdio: 'inherit' })
}, 20).unref()
`
  writeFileSync(file, stray + readFileSync(file, 'utf8').replace(/^"use strict";\n/, ''))
  const editor = await startNeovim(house, makeRepository(), { plugin: place })
  const channel = await channelOf(editor)
  await until(() => readFileSync(join(house.directory, 'state/nvim.log'), 'utf8').includes('stray'))
  editor.command('KageDash')
  await editor.shows('No runs in this repository yet.')
  expect(await channelOf(editor)).toBe(channel)
})

test('the host ends when Neovim is killed', async () => {
  const editor = await open()
  editor.command('KageDash')
  await editor.shows('No runs')
  const host = await editor.host()
  process.kill(editor.pid, 'SIGKILL')
  await until(() => !isRunning(host))
})

test('a killed host is started again, what was called meanwhile is carried out, and views come back', async () => {
  const editor = await open()
  editor.command('KageDash')
  await editor.shows('No runs')
  const first = await editor.host()
  process.kill(first, 'SIGKILL')
  await until(() => !isRunning(first))
  editor.command('Kage stop r99')
  await noted(editor, 'There is no run r99.')
  expect(await editor.host()).not.toBe(first)
  editor.type('?')
  await editor.shows('Kage: keys')
})

test('a key of a view that was closed before the next host came is not carried out later', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'sleep 60')
  await house.done(repository, ['spawn', 'a task'])
  await untilAll(house, repository, 'working')
  const go = join(house.directory, 'go')
  const node = join(house.directory, 'node')
  const wait = `while [ ! -e '${go}' ]; do sleep 0.02; done`
  writeFileSync(node, `#!/bin/sh\n${wait}\nexec '${process.execPath}' "$@"\n`, { mode: 0o755 })
  writeFileSync(go, '')
  const editor = await startNeovim(house, repository, { environment: { KAGE_NODE: node } })
  editor.command('KageDash')
  await editor.shows('● ada')
  const first = await editor.host()
  rmSync(go)
  process.kill(first, 'SIGKILL')
  await until(() => !isRunning(first))
  editor.type('j', 'p', 'q')
  await until(() => !editor.screen().includes('● ada'))
  writeFileSync(go, '')
  await editor.host()
  editor.command('KageDash')
  await editor.shows('● ada')
  // What was kept would be carried out before this.
  editor.command('Kage interrupt ada')
  await noted(editor, 'ada: interrupted')
  expect(await editor.notes()).toEqual(['Kage: ada: interrupted'])
  const types = (await eventsOf(house, repository)).map(({ type }) => type)
  expect(types).toContain('agent.interrupted')
  expect(types).not.toContain('agent.paused')
})

test('a host that dies again and again is given up with a next step, and keeps the queue', async () => {
  const place = pluginCopy()
  writeFileSync(join(place, 'dist/nvim.cjs'), 'process.exit(7)')
  const editor = await open({ plugin: place })
  editor.command('Kage stop r99')
  await noted(editor, "Kage's host ended 4 times, last with exit status 7.")
  expect(await editor.notes()).toHaveLength(1)
  expect((await editor.notes())[0]).toContain(':checkhealth kage')
  expect(await editor.lua('return require("kage.host").report().queued')).toBe(1)
  cpSync(join(root, 'dist/nvim.cjs'), join(place, 'dist/nvim.cjs'))
  editor.command('Kage restart')
  await noted(editor, 'There is no run r99.')
})

test('a missing build is named with the command that makes it', async () => {
  const place = pluginCopy()
  rmSync(join(place, 'dist'), { recursive: true })
  const editor = await open({ plugin: place })
  editor.command('KageDash')
  await noted(
    editor,
    `There is no build of Kage yet.\nRun \`make setup\` in ${place}, then try again. (KAGE_EDITOR)`,
  )
})

test('a Node that is too old says what is needed, and is not started again', async () => {
  const directory = temporaryDirectory()
  const node = join(directory, 'node')
  writeFileSync(
    node,
    '#!/bin/sh\necho "kage: Node 24.15 or newer is needed, and this is 18.0.0" >&2\nexit 1\n',
    { mode: 0o755 },
  )
  const editor = await open({ environment: { KAGE_NODE: node } })
  editor.command('KageDash')
  await noted(editor, 'Node 24.15 or newer is needed')
  expect(await editor.lua('return require("kage.host").report().restarts')).toBe(0)
})

test('a host of another version is refused with the next step', async () => {
  const editor = await open({ init: `vim.schedule(function() require('kage.host').version = '9.9.9' end)` })
  editor.command('KageDash')
  await noted(editor, `Kage: The build is of version ${kageVersion}, the plugin of 9.9.9.`)
  expect(await editor.lua('return require("kage.host").report().phase')).toBe('failed')
})

test('the version of the Lua files is that of the program', async () => {
  const editor = await open()
  expect(await editor.lua('return require("kage.host").version')).toBe(kageVersion)
})

test.for([
  ['an operator waits for its motion', ['d'], ['Escape']],
  ['a prompt waits for a key', [':call getchar()', 'Enter'], ['x']],
  ['a message waits for Enter', [':echo "a\\nb\\nc"', 'Enter'], ['Enter']],
  ['a question waits for an answer', [':call input("what? ")', 'Enter'], ['Enter']],
] as const)('while %s nothing piles up, and then it goes on', async ([, begin, end]) => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'exec sleep 60')
  const editor = await startNeovim(house, repository)
  editor.command('KageDash')
  await editor.shows('No runs')
  await editor.lua(`_G.painted = 0
    local ui = require('kage.ui')
    local paint = ui.paint
    ui.paint = function(...)
      _G.painted = _G.painted + 1
      return paint(...)
    end`)
  editor.type(...begin)
  await house.done(repository, ['spawn', 'a task'])
  await untilAll(house, repository, 'working')
  for (const control of ['pause', 'resume', 'pause', 'resume', 'pause'])
    await house.done(repository, [control, 'r1'])
  editor.type(...end)
  await editor.shows('paused by you')
  expect(await editor.lua('return _G.painted')).toBeLessThan(20)
})

test('a plugin that is loaded late works as one that is loaded at the start', async () => {
  const editor = await open({
    plugin: null,
    init: `vim.opt.packpath:prepend(vim.env.LATE)`,
    environment: { LATE: packed() },
  })
  expect(await editor.lua('return vim.fn.exists(":Kage")')).toBe(0)
  editor.command('packadd kage | Kage stop r99')
  await noted(editor, 'There is no run r99.')
})

const call = `${root}/rplugin/node/kage:function:KageCall`

async function open(options: Parameters<typeof startNeovim>[2] = {}): Promise<Editor> {
  return startNeovim(makeHouse(), makeRepository(), options)
}

function noted(editor: Editor, text: string): Promise<string> {
  return until(async () => (await editor.notes()).find((note) => note.includes(text)))
}

async function channelOf(editor: Editor): Promise<number> {
  editor.command('Kage stop r98')
  await editor.host()
  return editor.lua<number>('return require("kage.host").report().channel')
}

/** A copy of the plugin whose build can be spoiled. */
function pluginCopy(): string {
  const place = join(temporaryDirectory(), 'kage')
  for (const name of ['lua', 'plugin', 'rplugin', 'dist'])
    cpSync(join(root, name), join(place, name), { recursive: true })
  symlinkSync(join(root, '.tools'), join(place, '.tools'))
  return place
}

/** A directory for packages with Kage as an optional one. */
function packed(): string {
  const place = temporaryDirectory()
  cpSync(join(root, 'plugin'), join(place, 'pack/own/opt/kage/plugin'), { recursive: true })
  cpSync(join(root, 'lua'), join(place, 'pack/own/opt/kage/lua'), { recursive: true })
  for (const name of ['dist', '.tools', 'rplugin'])
    symlinkSync(join(root, name), join(place, 'pack/own/opt/kage', name))
  return place
}
