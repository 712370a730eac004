import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { run } from '../src/adapters/process/run.ts'
import { runTmux } from '../src/adapters/tmux/server.ts'
import { writeProject } from '../src/dev/demo/repository.ts'
import { startModelServer } from '../src/dev/model/server.ts'
import { castScript } from '../src/dev/picture/cast.ts'
import { Screening } from '../src/dev/picture/screening.ts'

// Takes the pictures of the README from the real thing: a daemon, three built-in agents and a Neovim of their own, driven
// by keys. What the agents are answered was prepared; one is done, one works and one waits when the dashboard is taken.
const root = resolve(import.meta.dirname, '..')
const program = join(root, 'bin', 'kage')
const names = ['ada', 'bo', 'cy'] as const
const task = 'Make the tests of src/price.js pass. Keep the code short.'

async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kage-pictures-'))
  const environment = environmentIn(directory)
  const model = await startModelServer(castScript())
  try {
    await writeFile(environment['KAGE_CONFIG'] ?? '', configuration(model.address))
    await writeSettings(environment)
    await story(directory, environment)
  } finally {
    await run(program, ['daemon', 'stop'], { env: environment })
    const socket = environment['KAGE_TMUX'] ?? ''
    await runTmux({ program: 'tmux', socket, environment }, ['kill-server'])
    await model.close()
    await rm(directory, { recursive: true, force: true, maxRetries: 10 })
  }
}

async function story(directory: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const repository = await writeProject(directory)
  const kage = async (...words: readonly [string, ...string[]]): Promise<void> => {
    const [command, ...rest] = words
    const outcome = await run(program, [command, '--repo', repository, ...rest], { env: environment })
    if (outcome.code !== 0)
      throw new Error(`kage ${words.join(' ')} ended with ${outcome.code}: ${outcome.stderr}`)
  }
  const socket = join(directory, 'screen.sock')
  const screening = await Screening.start(socket, environment, repository, [neovim(), 'src/price.js'])
  try {
    await screening.shows('parsePrice')
    await screening.type(':KageDash', 'Enter')
    await screening.shows('runs of this repository')
    await kage('spawn', ...names.flatMap((name) => ['-a', name]), '--', task)
    await screening.shows(...names, 'done', 'working', 'waiting')
    await screening.type('j')
    await keep('dashboard', await screening.picture('The dashboard of Kage in Neovim'))
    await kage('send', 'r1/cy', 'Yes, please.')
    await kage('wait', 'r1', '--timeout', '60')
    await screening.type('q', ':KageReview r1', 'Enter')
    await screening.shows('g1', 'previewed')
    await screening.type('2')
    await screening.shows('3 of 4 open')
    await keep('review', await screening.picture('The review of Kage in Neovim'))
  } finally {
    await screening.close()
    // After a failure agents may be at work: they end before their directories go.
    await run(program, ['stop', '--repo', repository, 'r1'], { env: environment })
  }
}

async function keep(name: string, picture: string): Promise<void> {
  const file = join(root, 'doc', 'pictures', `${name}.svg`)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, picture)
  process.stdout.write(`${file}\n`)
}

function environmentIn(directory: string): Record<string, string> {
  const { PATH = '' } = process.env
  const neovims = ['CONFIG', 'DATA', 'STATE', 'CACHE'].map((name) => [
    `XDG_${name}_HOME`,
    join(directory, 'nvim'),
  ])
  return {
    PATH,
    HOME: directory,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    KAGE_NODE: process.execPath,
    KAGE_CONFIG: join(directory, 'config.toml'),
    KAGE_STATE_DIR: join(directory, 'state'),
    KAGE_DATA_DIR: join(directory, 'data'),
    KAGE_RUNTIME_DIR: join(directory, 'run'),
    KAGE_TMUX: join(directory, 'tmux.sock'),
    ...(Object.fromEntries(neovims) as Record<string, string>),
  }
}

function configuration(address: string): string {
  const agents = names.map(
    (name) => `[agents.${name}]\nkind = "api"\nprovider = "prepared"\nmodel = "${name}"\n`,
  )
  const provider = `[providers.prepared]\napi = "openai"\nbase_url = "${address}/v1"\nkey_env = ""\n`
  return `${[...agents, provider].join('\n')}price = { input = 3.0, output = 15.0 }\n`
}

/** A Neovim whose person put the plugin on the runtime path and likes a quiet screen. */
async function writeSettings(environment: Readonly<Record<string, string>>): Promise<void> {
  const directory = join(environment['XDG_CONFIG_HOME'] ?? '', 'nvim')
  const quiet = 'vim.o.termguicolors, vim.o.laststatus, vim.o.ruler, vim.o.showcmd = true, 0, false, false'
  await mkdir(directory, { recursive: true })
  await writeFile(
    join(directory, 'init.lua'),
    `vim.opt.runtimepath:prepend(${JSON.stringify(root)})\n${quiet}\n`,
  )
}

function neovim(): string {
  const newest = join(root, '.tools', 'nvim-0.12', 'nvim')
  return process.env['KAGE_NVIM'] ?? (existsSync(newest) ? newest : 'nvim')
}

await main()
