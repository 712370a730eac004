import { spawn, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { KageError } from '../../../src/core/error.ts'
import { served } from '../../support/bridge.ts'
import { temporaryDirectory } from '../../support/temporary.ts'

const root = join(import.meta.dirname, '../../..')
const installed = ['.tools/nvim-0.10/nvim', '.tools/nvim-0.12/nvim']
  .map((path) => join(root, path))
  .filter((path) => existsSync(path))
const neovims =
  installed.length > 0 ? installed : spawnSync('nvim', ['--version']).status === 0 ? ['nvim'] : []

const script = `
local channel = vim.fn.sockconnect('pipe', vim.env.BRIDGE, { rpc = true })
vim.rpcrequest(channel, 'hello', { protocol = 1, client = 'nvim' })
local nested = vim.rpcrequest(channel, 'nested', {})
local echoed = vim.rpcrequest(channel, 'echo', { value = nested, raw = 'a\\255b', list = { 1, { 2, { 3 } } }, big = 1700000000000 })
local large = vim.rpcrequest(channel, 'echo', { text = string.rep('x', 900000) })
local ok = pcall(vim.rpcrequest, channel, 'refuse', {})
vim.rpcnotify(channel, 'note', { said = 'hello' })
io.write(vim.json.encode({
  nested = nested,
  same = vim.deep_equal(nested, echoed.value),
  raw = echoed.raw == 'a\\255b',
  path = nested.path == 'a\\255b',
  list = echoed.list,
  big = echoed.big,
  large = #large.text,
  refused = not ok,
  again = vim.rpcrequest(channel, 'echo', { after = true }).after,
}))
`

const nested = {
  text: 'é😀\n',
  numbers: [0, 1, -1, 127, 128, 255, 256, 65_536, -32, -33, -129, 2 ** 31, 2 ** 32, 1.5],
  flags: { yes: true, no: false },
  deep: [[[{ __proto__key: ['x', { y: [] }] }]]],
  many: Array.from({ length: 100 }, (_, index) => ({ index })),
}

test.each(neovims)('Neovim itself connects and asks (%s)', async (nvim) => {
  const noted: unknown[] = []
  const { path } = await served({
    methods: async (method, params) => {
      if (method === 'nested') return { ...nested, path: 'a\udcffb' }
      if (method === 'refuse') throw new KageError('KAGE_TASK_EMPTY', 'no task')
      if (method === 'note') noted.push(params)
      return params
    },
  })
  const file = join(temporaryDirectory(), 'ask.lua')
  writeFileSync(file, script)
  const { nested: seen, ...others } = JSON.parse(await output(nvim, file, path)) as Record<string, unknown>
  expect({ ...(seen as object), path: null }).toEqual({ ...nested, path: null })
  expect(others).toEqual({
    same: true,
    raw: true,
    path: true,
    list: [1, [2, [3]]],
    big: 1_700_000_000_000,
    large: 900_000,
    refused: true,
    again: true,
  })
  expect(noted).toEqual([{ said: 'hello' }])
})

function output(nvim: string, file: string, bridge: string): Promise<string> {
  const home = temporaryDirectory()
  const child = spawn(nvim, ['--clean', '--headless', '-l', file], {
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      XDG_STATE_HOME: home,
      XDG_RUNTIME_DIR: home,
      BRIDGE: bridge,
    },
    timeout: 20_000,
  })
  let text = ''
  child.stdout.on('data', (chunk) => void (text += String(chunk)))
  child.stderr.on('data', (chunk) => void (text += String(chunk)))
  return new Promise((resolve) => child.once('close', () => resolve(text)))
}
