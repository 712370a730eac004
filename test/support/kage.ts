import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import type { DaemonStatus } from '../../src/core/protocol/results.ts'
import { temporaryDirectory } from './temporary.ts'

const program = resolve(import.meta.dirname, '../../bin/kage')

/** What a command of kage left: its exit code, its JSON document (null if it printed none), and its words for people. */
export interface Said<T> {
  readonly code: number
  readonly json: T
  readonly stdout: string
  readonly stderr: string
}

/** A private Kage: its own directories, configuration, daemon and tmux server, all gone when the test ends. */
export interface House {
  readonly directory: string
  readonly environment: Record<string, string>
  /** The socket of its tmux server. */
  readonly tmuxSocket: string
  /** Runs `kage --json …` in a repository; never throws. */
  kage: <T = Record<string, unknown>>(
    repository: string,
    words: readonly string[],
    options?: KageOptions,
  ) => Promise<Said<T>>
  /** The same without --json. */
  plain: (repository: string, words: readonly string[], options?: KageOptions) => Promise<Said<null>>
  /** Runs a command that has to succeed, and answers with its document. */
  done: <T>(repository: string, words: readonly string[], options?: KageOptions) => Promise<T>
  /** Adds an agent of kind "command" that is a shell script; answers with its name. */
  agent: (name: string, script: string) => string
  configure: (toml: string) => void
  /** Plain tmux on the private server. */
  tmux: (...words: string[]) => string
  killDaemon: () => Promise<void>
}

export interface KageOptions {
  readonly input?: string
  /** Another build of `kage` than this checkout's. */
  readonly program?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Makes a private Kage for the running test. */
export function makeHouse(extra: Readonly<Record<string, string>> = {}): House {
  const directory = temporaryDirectory()
  const home = join(directory, 'home')
  mkdirSync(home)
  const tmuxSocket = join(directory, 'tmux')
  const config = join(directory, 'config.toml')
  const environment: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    GIT_CONFIG_NOSYSTEM: '1',
    KAGE_CONFIG: config,
    KAGE_STATE_DIR: join(directory, 'state'),
    KAGE_DATA_DIR: join(directory, 'data'),
    KAGE_RUNTIME_DIR: join(directory, 'run'),
    KAGE_TMUX: tmuxSocket,
    ...extra,
  }
  const tables = new Map<string, string>()
  const write = (rest = ''): void => {
    const defaults = [...tables.keys()].map((name) => JSON.stringify(name)).join(', ')
    writeFileSync(config, `default_agents = [${defaults}]\n${rest}\n${[...tables.values()].join('\n')}`)
  }
  const kage: House['kage'] = async (repository, words, options) => {
    const said = await runKage(environment, ['--json', ...words], repository, options)
    return { ...said, json: parse(said.stdout) as never }
  }
  const house: House = {
    directory,
    environment,
    tmuxSocket,
    kage,
    plain: async (repository, words, options) => ({
      ...(await runKage(environment, words, repository, options)),
      json: null,
    }),
    done: async (repository, words, options) => {
      const said = await kage(repository, words, options)
      if (said.code !== 0)
        throw new Error(`kage ${words.join(' ')} ended with ${said.code}: ${said.stdout}${said.stderr}`)
      return said.json as never
    },
    agent: (name, script) => {
      const file = join(directory, `${name}.sh`)
      writeFileSync(file, `#!/bin/sh\nexport GIT_CONFIG_NOSYSTEM=1\n${script}\n`, { mode: 0o755 })
      tables.set(name, `[agents.${name}]\nkind = "command"\ncommand = [${JSON.stringify(file)}]\n`)
      write()
      return name
    },
    configure: write,
    tmux: (...words) =>
      execFileSync('tmux', ['-S', tmuxSocket, ...words], {
        env: environment,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    killDaemon: async () => {
      const { pid } = await house.done<DaemonStatus>(directory, ['daemon', 'status'])
      if (pid !== null) process.kill(pid, 'SIGKILL')
    },
  }
  onTestFinished(async () => {
    await runKage(environment, ['daemon', 'stop'], directory)
    try {
      house.tmux('kill-server')
    } catch {
      // No server was started.
    }
  })
  return house
}

function runKage(
  environment: Record<string, string>,
  words: readonly string[],
  repository: string,
  options: KageOptions = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const child = execFile(
      options.program ?? program,
      [...words],
      {
        cwd: repository,
        env: { ...environment, ...options.environment },
        maxBuffer: 256 * 1024 * 1024,
        encoding: 'utf8',
      },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
        done({ code, stdout, stderr })
      },
    )
    // A command that needs no input may have ended before.
    child.stdin?.on('error', () => {})
    child.stdin?.end(options.input ?? '')
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
