import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { type Editor, neovims, runNeovim, startNeovim } from '../support/neovim.ts'
import { isRunning } from '../support/running.ts'
import { temporaryDirectory } from '../support/temporary.ts'
import { until } from '../support/until.ts'

const root = resolve(import.meta.dirname, '../..')

test.for(neovims)('the plugin works by :UpdateRemotePlugins and the stock host too (%s)', async (version) => {
  const { editor, manifest } = await startWithManifest(version)
  expect(manifest).toContain("{'sync': v:false, 'name': 'KageSpawn', 'type': 'command'")
  // Kage's own command stands before that of the manifest.
  const definition = 'return vim.api.nvim_get_commands({}).KageSpawn.definition'
  expect(await editor.lua(definition)).toBe('Kage: spawn')
  // What is called by the manifest's function is done by the stock host, which Lua then takes for its own.
  await callByManifest(editor, 'r99')
  expect(await reportOf(editor)).toMatchObject({ phase: 'ready' })
  expect((await reportOf(editor)).job).toBeUndefined()
  editor.command('KageDash')
  await editor.shows('No runs in this repository yet.')
  editor.type('q')
  await until(async () => !editor.screen().includes('No runs'))
  expect(await editor.notes()).toHaveLength(1)
})

test.for(neovims)(
  'the stock host ends with its Neovim, and keeps or starts no daemon (%s)',
  async (version) => {
    const { editor } = await startWithManifest(version)
    await callByManifest(editor, 'r99')
    const host = await stockHost(editor)
    expect(isRunning(host)).toBe(true)
    process.kill(editor.pid, 'SIGKILL')
    await until(() => !isRunning(host))
  },
)

test('after a restart one of two hosts is at work, whoever calls', async () => {
  const { editor } = await startWithManifest('0.10')
  await callByManifest(editor, 'r99')
  const stock = await stockHost(editor)
  editor.command('KageDash')
  await editor.shows('No runs in this repository yet.')
  editor.command('Kage restart')
  const own = await editor.host()
  expect(own).not.toBe(stock)
  // The stock host may have other plugins; what it is asked for goes to the one at work, which answers once.
  expect(isRunning(stock)).toBe(true)
  await callByManifest(editor, 'r98')
  expect(await editor.host()).toBe(own)
  editor.type('q')
  await until(async () => !editor.screen().includes('No runs'))
  expect(await editor.notes()).toHaveLength(2)
})

interface Report {
  readonly phase: string
  readonly channel: number
  readonly job?: number
}

/** A Neovim whose person ran `:UpdateRemotePlugins`, with node-client's own host. */
async function startWithManifest(version: string): Promise<{ editor: Editor; manifest: string }> {
  const house = makeHouse()
  const repository = makeRepository()
  const manifest = join(temporaryDirectory(), 'manifest.vim')
  const environment = { NVIM_RPLUGIN_MANIFEST: manifest, PATH: `${root}/.tools/bin:${process.env['PATH']}` }
  const init = `vim.g.node_host_prog = ${JSON.stringify(`${root}/node_modules/neovim/bin/cli.js`)}\nvim.g.loaded_python3_provider = 0`
  const options = { version, environment, init }
  const said = await runNeovim(house, repository, ['+UpdateRemotePlugins', '+qa!'], options)
  expect(said).toContain('remote/host: node host registered plugins')
  return { editor: await startNeovim(house, repository, options), manifest: readFileSync(manifest, 'utf8') }
}

/** Has a run stopped that is not there, by the manifest's function, and waits for the answer. */
async function callByManifest(editor: Editor, run: string): Promise<void> {
  await editor.lua(`vim.fn.KageCall('stop', { words = ..., directory = vim.fn.getcwd() })`, run)
  await until(async () => (await editor.notes()).some((note) => note.includes(`There is no run ${run}.`)))
}

function reportOf(editor: Editor): Promise<Report> {
  return editor.lua('return require("kage.host").report()')
}

async function stockHost(editor: Editor): Promise<number> {
  return editor.lua('return vim.fn.jobpid(...)', (await reportOf(editor)).channel)
}
