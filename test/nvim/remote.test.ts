import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { neovims, runNeovim, startNeovim } from '../support/neovim.ts'
import { temporaryDirectory } from '../support/temporary.ts'
import { until } from '../support/until.ts'

const root = resolve(import.meta.dirname, '../..')

test.for(neovims)('the plugin works by :UpdateRemotePlugins and the stock host too (%s)', async (version) => {
  const house = makeHouse()
  const repository = makeRepository()
  const manifest = join(temporaryDirectory(), 'manifest.vim')
  const environment = { NVIM_RPLUGIN_MANIFEST: manifest, PATH: `${root}/.tools/bin:${process.env['PATH']}` }
  const init = `vim.g.node_host_prog = ${JSON.stringify(`${root}/node_modules/neovim/bin/cli.js`)}\nvim.g.loaded_python3_provider = 0`

  const said = await runNeovim(house, repository, ['+UpdateRemotePlugins', '+qa!'], {
    version,
    environment,
    init,
  })
  expect(said).toContain('remote/host: node host registered plugins')
  expect(readFileSync(manifest, 'utf8')).toContain("{'sync': v:false, 'name': 'KageSpawn', 'type': 'command'")

  const editor = await startNeovim(house, repository, { version, environment, init })
  // Kage's own command stands before that of the manifest.
  const definition = 'return vim.api.nvim_get_commands({}).KageSpawn.definition'
  expect(await editor.lua(definition)).toBe('Kage: spawn')
  // What is called by the manifest's function is done by the stock host, which Lua then takes for its own.
  await editor.lua(`vim.fn.KageCall('stop', { words = 'r99', directory = vim.fn.getcwd() })`)
  await until(async () => (await editor.notes()).some((note) => note.includes('There is no run r99.')))
  const report = await editor.lua<Record<string, unknown>>('return require("kage.host").report()')
  expect(report).toMatchObject({ phase: 'ready' })
  expect(report['job']).toBeUndefined()
  editor.command('KageDash')
  await editor.shows('No runs in this repository yet.')
  editor.type('q')
  await until(async () => !editor.screen().includes('No runs'))
  expect(await editor.notes()).toHaveLength(1)
})
