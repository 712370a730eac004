import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const program = resolve(import.meta.dirname, '../../bin/kage')

type Environment = Readonly<Record<string, string>>

/** A private Kage to measure: its own directories, configuration, daemon and tmux server. */
export interface House {
  readonly directory: string
  readonly environment: Environment
  readonly tmuxSocket: string
  /** Runs a command of Kage to its end and answers with its JSON document; fails when the command does (3, "not all done", is an answer). */
  kage: (repository: string, words: readonly string[], environment?: Environment) => unknown
  /** Runs any program in the house's environment; fails when it does. */
  run: (program: string, words: readonly string[], cwd?: string, environment?: Environment) => string
  /** Declares agents of one program each, all by the same script; the first is the default. */
  agents: (scripts: Readonly<Record<string, string>>) => void
  close: () => void
}

/** Builds a house in a directory of its own; close() leaves nothing running and nothing behind. */
export function makeHouse(): House {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'kage-bench-')))
  const tmuxSocket = join(directory, 'tmux')
  const environment = environmentOf(directory, tmuxSocket)
  mkdirSync(join(directory, 'home'))
  const run: House['run'] = (name, words, cwd = directory, wanted = environment) => {
    const { status, stdout, stderr, error } = spawnSync(name, [...words], {
      cwd,
      env: { ...wanted },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (status === 0 || (status === 3 && name === program)) return stdout
    throw new Error(
      `${name} ${words.join(' ')} ended with ${status}: ${stdout}${stderr}${error?.message ?? ''}`,
    )
  }
  return {
    directory,
    environment,
    tmuxSocket,
    run,
    kage: (repository, words, wanted) => JSON.parse(run(program, ['--json', ...words], repository, wanted)),
    agents: (scripts) => writeFileSync(join(directory, 'config.toml'), configurationOf(directory, scripts)),
    close: () => {
      spawnSync(program, ['daemon', 'stop'], { cwd: directory, env: { ...environment }, stdio: 'ignore' })
      spawnSync('tmux', ['-S', tmuxSocket, 'kill-server'], { stdio: 'ignore' })
      rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

/** The program of Kage itself. */
export const kageProgram: string = program

function environmentOf(directory: string, tmuxSocket: string): Record<string, string> {
  const person = { NAME: 'Bench', EMAIL: 'bench@example.test' }
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: join(directory, 'home'),
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    KAGE_NODE: process.execPath,
    KAGE_CONFIG: join(directory, 'config.toml'),
    KAGE_STATE_DIR: join(directory, 'state'),
    KAGE_DATA_DIR: join(directory, 'data'),
    KAGE_RUNTIME_DIR: join(directory, 'run'),
    KAGE_TMUX: tmuxSocket,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: person.NAME,
    GIT_AUTHOR_EMAIL: person.EMAIL,
    GIT_COMMITTER_NAME: person.NAME,
    GIT_COMMITTER_EMAIL: person.EMAIL,
  }
}

function configurationOf(directory: string, scripts: Readonly<Record<string, string>>): string {
  const names = Object.keys(scripts)
  const tables = Object.entries(scripts).map(([name, script]) => {
    const file = join(directory, `${name}.sh`)
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    return `[agents.${name}]\nkind = "command"\ncommand = [${JSON.stringify(file)}]\n`
  })
  return `default_agents = ${JSON.stringify(names.slice(0, 1))}\n${tables.join('\n')}[limits]\nagents = 99\n`
}
