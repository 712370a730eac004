import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { run } from '../../adapters/process/run.ts'
import { stopServer } from './tmux.ts'

const program = fileURLToPath(new URL('../bin/kage', import.meta.url))
const agent = fileURLToPath(new URL('demo-agent.js', import.meta.url))

/** Where the demo plays: private directories, a private tmux server and daemon, and what it tells the person. */
export class Stage {
  readonly directory: string
  readonly #shows: boolean
  readonly #environment: Record<string, string>
  #begun = false

  constructor(directory: string, shows: boolean) {
    this.directory = directory
    this.#shows = shows
    const { PATH = '', HOME = '', LANG = 'C.UTF-8', TERM = 'xterm-256color', KAGE_NODE } = process.env
    this.#environment = {
      PATH,
      HOME,
      LANG,
      TERM,
      ...(KAGE_NODE === undefined ? {} : { KAGE_NODE }),
      KAGE_CONFIG: join(directory, 'config.toml'),
      KAGE_STATE_DIR: join(directory, 'state'),
      KAGE_DATA_DIR: join(directory, 'data'),
      KAGE_RUNTIME_DIR: join(directory, 'run'),
      KAGE_TMUX: join(directory, 'tmux.sock'),
    }
  }

  say(text: string): void {
    process.stdout.write(`${text}\n`)
  }

  title(text: string): void {
    this.say(`\n── ${text}`)
  }

  /** Tells that something holds, or ends the demo because it does not. */
  check(what: string, holds: boolean): void {
    this.say(`  ${holds ? '✓' : '✗'} ${what}`)
    if (!holds) throw new Error(`the demo failed: not true that ${what}`)
  }

  /** Runs a command of kage and answers with its JSON document; any exit code but 0 ends the demo. */
  async kage<T>(repository: string, words: readonly string[]): Promise<T> {
    return JSON.parse(await this.#run(repository, [words[0] ?? '', '--json', ...words.slice(1)])) as T
  }

  /** The same for people. */
  async text(repository: string, words: readonly string[]): Promise<string> {
    return (await this.#run(repository, words)).trimEnd().replaceAll(/^/gm, '  ')
  }

  /** On a terminal: shows the agents side by side in tmux until they have ended. */
  async watch(repository: string, agentId: string): Promise<void> {
    if (!this.#shows) return
    this.say('  (showing their panes; the demo goes on by itself when they are done)')
    await pause(1500)
    const viewer = execa(program, ['attach', agentId, '--repo', repository], {
      env: this.#environment,
      extendEnv: false,
      stdio: 'inherit',
      reject: false,
    })
    await this.#run(repository, ['wait', agentId.split('/')[0] ?? '', '--timeout', '60'])
    await pause(2500)
    viewer.kill('SIGTERM')
    await viewer
  }

  /** Ends the daemon and the tmux server that the demo started. */
  async close(): Promise<void> {
    if (!this.#begun) return
    this.#begun = false
    await run(program, ['daemon', 'stop'], { env: this.#environment })
    await stopServer(this.#environment['KAGE_TMUX'] ?? '', this.#environment)
  }

  async #run(repository: string, words: readonly string[]): Promise<string> {
    if (!this.#begun) await this.#configure()
    this.#begun = true
    const outcome = await run(program, [...words.slice(0, 1), '--repo', repository, ...words.slice(1)], {
      env: this.#environment,
    })
    if (outcome.code === 0) return outcome.stdout.toString('utf8')
    throw new Error(
      `kage ${words.join(' ')} ended with ${outcome.code}: ${outcome.stdout.toString('utf8')}${outcome.stderr}`,
    )
  }

  async #configure(): Promise<void> {
    const names = ['ada', 'bo', 'cy']
    const tables = names.map((name) => {
      const command = [process.execPath, agent, name, this.#shows ? '1500' : '100'].map((word) =>
        JSON.stringify(word),
      )
      return `[agents.${name}]\nkind = "command"\ncommand = [${command.join(', ')}]\n`
    })
    await mkdir(this.directory, { recursive: true })
    await writeFile(
      this.#environment['KAGE_CONFIG'] ?? '',
      `default_agents = ["ada", "bo", "cy"]\n\n${tables.join('\n')}`,
    )
  }
}
