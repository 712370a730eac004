import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join, resolve } from 'node:path'
import type { NeovimClient } from 'neovim/lib/api/client.js'
import { onTestFinished } from 'vitest'
import type { House } from './kage.ts'
import { attachQuietly } from './quiet-client.ts'
import { isRunning } from './running.ts'
import { temporaryDirectory } from './temporary.ts'
import { privateServer } from './tmux-server.ts'
import { until } from './until.ts'

const root = resolve(import.meta.dirname, '../..')

/** The Neovims that set-up placed, the oldest first. */
export const neovims: readonly string[] = ['0.10', '0.12'].filter((version) => existsSync(programOf(version)))

export interface NeovimOptions {
  /** The version; the oldest by default. */
  readonly version?: string
  readonly columns?: number
  readonly rows?: number
  readonly environment?: Readonly<Record<string, string>>
  readonly files?: readonly string[]
  /** More of the person's own init.lua. */
  readonly init?: string
  /** The plugin's directory, null for none. */
  readonly plugin?: string | null
  /** Whether what vim.notify is given is only kept, so that a message of two lines asks for no key. */
  readonly quiet?: boolean
  /** Runs in a pane of the house's own tmux server, as a person inside tmux has it. */
  readonly inside?: boolean
}

/** A real Neovim with Kage's plugin, in a real terminal. */
export interface Editor {
  readonly pid: number
  readonly nvim: NeovimClient
  /** Types keys by tmux's names. */
  readonly type: (...keys: string[]) => void
  /** Types a command line and Enter. */
  readonly command: (line: string) => void
  readonly screen: () => string
  /** The screen with its colours as escape sequences. */
  readonly colours: () => string
  readonly resize: (columns: number, rows: number) => void
  /** Runs Lua in it. */
  readonly lua: <T>(code: string, ...args: unknown[]) => Promise<T>
  /** What vim.notify was given so far. */
  readonly notes: () => Promise<string[]>
  /** Waits until the screen shows a text. */
  readonly shows: (text: string | RegExp) => Promise<string>
  /** The pid of the plugin's host, once it is at work. */
  readonly host: () => Promise<number>
}

/** Starts a Neovim in a repository; it is gone when the test ends. */
export async function startNeovim(
  house: House,
  repository: string,
  options: NeovimOptions = {},
): Promise<Editor> {
  const { columns = 80, rows = 24, files = [] } = options
  const directory = temporaryDirectory()
  const socket = join(directory, 'nvim')
  const init = join(directory, 'init.lua')
  writeFileSync(init, initOf(options))
  mkdirSync(join(directory, 'config'))
  const environment = { ...environmentOf(house, directory), ...options.environment }
  const program = programOf(options.version ?? neovims[0] ?? '0.10')
  const words = [program, '-u', init, '--listen', socket, ...files]
  const tmux = options.inside === true ? house.tmux : privateServer({ start: false }).tmux
  const pairs = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  const clean = options.inside === true ? ['env', ...pairs] : ['env', '-i', ...pairs]
  const size = ['-x', String(columns), '-y', String(rows)]
  tmux('new-session', '-d', '-s', 'editor', ...size, '-c', repository, '--', ...clean, ...words)
  tmux('set-option', '-t', 'editor', 'status', 'off')
  tmux('resize-window', '-t', 'editor', ...size)
  await until(() => listens(socket))
  const nvim = connectTo(socket)
  // It answers before it has read the person's own configuration.
  await until(async () => (await nvim.request('nvim_get_vvar', ['vim_did_enter'])) === 1)
  const pid = (await nvim.request('nvim_call_function', ['getpid', []])) as number
  onTestFinished(async () => {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL')
    await until(() => !isRunning(pid))
  })
  const screen = (): string => tmux('capture-pane', '-p', '-t', 'editor:')
  const lua: Editor['lua'] = (code, ...args) => nvim.request('nvim_exec_lua', [code, args]) as Promise<never>
  return {
    pid,
    nvim,
    type: (...keys) => void tmux('send-keys', '-t', 'editor:', ...keys),
    command: (line) => {
      tmux('send-keys', '-t', 'editor:', '-l', `:${line}`)
      tmux('send-keys', '-t', 'editor:', 'Enter')
    },
    screen,
    colours: () => tmux('capture-pane', '-p', '-e', '-t', 'editor:'),
    resize: (width, height) =>
      void tmux('resize-window', '-t', 'editor', '-x', String(width), '-y', String(height)),
    lua,
    notes: () => lua('return _G.notes'),
    shows: (text) => shows(screen, text),
    host: () =>
      until(async () => {
        const { phase, job } = await lua<{ phase: string; job?: number }>(
          'return require("kage.host").report()',
        )
        return phase === 'ready' && job !== undefined ? lua<number | null>(pidOf, job) : null
      }),
  }
}

/** A job that has ended meanwhile has no pid. */
const pidOf = 'local ok, pid = pcall(vim.fn.jobpid, ...) return ok and pid or nil'

/** The program of a version that set-up placed. */
function programOf(version: string): string {
  return join(root, '.tools', `nvim-${version}`, 'nvim')
}

/** Runs a Neovim without a screen to its end, and answers with what it printed. */
export function runNeovim(
  house: House,
  repository: string,
  words: readonly string[],
  options: NeovimOptions = {},
): Promise<string> {
  const directory = temporaryDirectory()
  const init = join(directory, 'init.lua')
  writeFileSync(init, initOf(options))
  return new Promise((done) => {
    const child = spawn(programOf(options.version ?? '0.10'), ['--headless', '-u', init, ...words], {
      cwd: repository,
      env: { ...environmentOf(house, directory), ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.on('close', () => done(said))
  })
}

async function shows(screen: () => string, text: string | RegExp): Promise<string> {
  let last = ''
  const found = until(() => {
    last = screen()
    return (typeof text === 'string' ? last.includes(text) : text.test(last)) ? last : null
  })
  return found.catch(() => {
    throw new Error(`the screen never showed ${String(text)}:\n${last}`)
  })
}

/** A socket's file is there a moment before anyone listens. */
function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ path })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

function connectTo(socket: string): NeovimClient {
  const nvim = attachQuietly({ socket })
  onTestFinished(() => nvim.close())
  return nvim
}

function environmentOf(house: House, directory: string): Record<string, string> {
  return {
    ...house.environment,
    // Neovim warns of slow terminals, which a busy machine has, and waits for a key then.
    NVIM_TEST: '1',
    XDG_CONFIG_HOME: join(directory, 'config'),
    XDG_DATA_HOME: join(directory, 'data'),
    XDG_STATE_HOME: join(directory, 'state'),
    XDG_CACHE_HOME: join(directory, 'cache'),
  }
}

function initOf({ plugin = root, init = '', quiet = true }: NeovimOptions): string {
  const show = quiet ? '' : '\n  shown(text, ...)'
  return [
    ...(plugin === null ? [] : [`vim.opt.runtimepath:prepend(${JSON.stringify(plugin)})`]),
    'vim.o.swapfile = false',
    "vim.o.shada = ''",
    '_G.notes = {}',
    'local shown = vim.notify',
    `vim.notify = function(text, ...)\n  table.insert(_G.notes, text)${show}\nend`,
    init,
  ].join('\n')
}
