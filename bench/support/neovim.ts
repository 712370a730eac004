import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { attachQuietly } from '../../test/support/quiet-client.ts'
import type { House } from './house.ts'

const root = resolve(import.meta.dirname, '../..')

/** The oldest Neovim that set-up placed, for which Kage has to be quick enough. */
export const neovimProgram: string =
  ['0.10', '0.12'].map((version) => join(root, '.tools', `nvim-${version}`, 'nvim')).find(existsSync) ??
  'nvim'

/** A real Neovim with the plugin, drawing on a screen that nobody looks at. */
export interface Editor {
  readonly lua: <T>(code: string, ...args: unknown[]) => Promise<T>
  readonly close: () => Promise<void>
}

/** Words for Neovim that read a person's init.lua with the plugin, or without it. */
export function wordsOf(house: House, plugin: boolean): string[] {
  const init = join(house.directory, plugin ? 'with.lua' : 'without.lua')
  const path = plugin ? `vim.opt.runtimepath:prepend(${JSON.stringify(root)})\n` : ''
  writeFileSync(init, `${path}vim.o.swapfile = false\nvim.o.shada = ''\nvim.notify = function() end\n`)
  return ['-u', init]
}

/** Starts a Neovim in a repository. */
export async function startNeovim(house: House, repository: string): Promise<Editor> {
  const child = spawn(neovimProgram, ['--embed', ...wordsOf(house, true)], {
    cwd: repository,
    env: { ...house.environment },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const nvim = attachQuietly({ reader: child.stdout, writer: child.stdin })
  await nvim.request('nvim_ui_attach', [100, 40, { rgb: true, ext_linegrid: true }])
  return {
    lua: (code, ...args) => nvim.request('nvim_exec_lua', [code, args]) as Promise<never>,
    close: () =>
      new Promise((done) => {
        child.once('exit', () => done())
        child.kill('SIGKILL')
      }),
  }
}
