import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { run } from '../src/adapters/process/run.ts'
import { runTmux } from '../src/adapters/tmux/server.ts'
import { writeProject } from '../src/dev/demo/repository.ts'
import { Screening } from '../src/dev/picture/screening.ts'

// Takes the pictures of the README from the real thing: a daemon, agents and a Neovim of its own, driven by keys. The agents
// are the demo's small programs; the last one waits at a file, so that the dashboard has an agent at work.
const root = resolve(import.meta.dirname, '..')
const pictures = join(root, 'doc', 'pictures')
const program = join(root, 'bin', 'kage')
const task = 'Make the tests of src/price.js pass. Keep the code short.'

async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kage-pictures-'))
  const environment = environmentIn(directory)
  let screening: Screening | null = null
  try {
    const go = join(directory, 'go')
    await configure(directory, environment, go)
    const repository = await writeProject(directory)
    await kage(environment, repository, ['spawn', '-a', 'ada', '-a', 'bo', '-a', 'cy', '--', task])
    for (const name of ['ada', 'bo'])
      await kage(environment, repository, ['wait', `r1/${name}`, '--timeout', '60'])
    screening = await Screening.start(join(directory, 'screen.sock'), environment, repository, [
      neovim(),
      'src/price.js',
    ])
    await screening.shows('parsePrice')
    await take(screening, 'dashboard', async (screen) => {
      await screen.type(':KageDash', 'Enter')
      await screen.shows('ada', 'bo', 'cy', 'working', 'done')
    })
    await writeFile(go, '')
    await kage(environment, repository, ['wait', 'r1', '--timeout', '60'])
    await screening.type('q')
    await take(screening, 'review', async (screen) => {
      await screen.type(':KageReview r1', 'Enter')
      await screen.shows('price.js', 'ada', 'bo')
      await screen.type('2')
    })
  } finally {
    await screening?.close()
    await run(program, ['daemon', 'stop'], { env: environment })
    const socket = environment['KAGE_TMUX'] ?? ''
    await runTmux({ program: 'tmux', socket, environment }, ['kill-server'])
    await rm(directory, { recursive: true, force: true })
  }
}

async function take(
  screening: Screening,
  name: string,
  pose: (screening: Screening) => Promise<void>,
): Promise<void> {
  await pose(screening)
  await mkdir(pictures, { recursive: true })
  const file = join(pictures, `${name}.svg`)
  await writeFile(file, await screening.picture(`The ${name} of Kage in Neovim`))
  process.stdout.write(`${file}\n`)
}

function environmentIn(directory: string): Record<string, string> {
  const { PATH = '' } = process.env
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
    ...Object.fromEntries(
      ['CONFIG', 'DATA', 'STATE', 'CACHE'].map((name) => [`XDG_${name}_HOME`, join(directory, 'nvim')]),
    ),
  }
}

/** The agents, and a Neovim whose person installed the plugin by hand and chose nothing but true colours. */
async function configure(
  directory: string,
  environment: Readonly<Record<string, string>>,
  go: string,
): Promise<void> {
  const agent = join(root, 'dist', 'demo-agent.js')
  const tables = ['ada', 'bo', 'cy'].map((name) => {
    const script = `${name === 'cy' ? 'until [ -e "$0" ]; do sleep 0.1; done; ' : ''}exec "$@"`
    const command = ['sh', '-c', script, go, process.execPath, agent, name, '100']
    return `[agents.${name}]\nkind = "command"\ncommand = ${JSON.stringify(command)}\n`
  })
  await writeFile(environment['KAGE_CONFIG'] ?? '', tables.join('\n'))
  const settings = join(directory, 'nvim', 'nvim')
  await mkdir(settings, { recursive: true })
  await writeFile(
    join(settings, 'init.lua'),
    `vim.opt.runtimepath:prepend(${JSON.stringify(root)})\nvim.o.termguicolors = true\nvim.o.shortmess = 'aoOtTIcCF'\n`,
  )
}

async function kage(
  environment: Readonly<Record<string, string>>,
  repository: string,
  words: readonly string[],
): Promise<void> {
  const [command = '', ...rest] = words
  const outcome = await run(program, [command, '--repo', repository, ...rest], { env: environment })
  if (outcome.code !== 0)
    throw new Error(`kage ${words.join(' ')} ended with ${outcome.code}: ${outcome.stderr}`)
}

function neovim(): string {
  const newest = join(root, '.tools', 'nvim-0.12', 'nvim')
  return process.env['KAGE_NVIM'] ?? (existsSync(newest) ? newest : 'nvim')
}

await main()
