import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { run } from '../../adapters/process/run.ts'
import { type ModelServer, startModelServer } from '../model/server.ts'
import { configuration, demoScript } from './script.ts'
import { Theatre } from './theatre.ts'
import { stopServer } from './tmux.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const program = join(root, 'bin/kage')

/** Where the demo plays: private directories, daemon and tmux server, the prepared answers, and what it tells the person. */
export class Stage {
  readonly directory: string
  readonly #shows: boolean
  readonly #environment: Record<string, string>
  #models: ModelServer | null = null
  #viewer: Promise<unknown> | null = null
  #theatre: Theatre | null = null
  #begun = false
  readonly #unsaid: string[] = []

  constructor(directory: string, shows: boolean) {
    this.directory = directory
    this.#shows = shows
    const { PATH = '', HOME = '', LANG = 'C.UTF-8', KAGE_NODE } = process.env
    this.#environment = {
      PATH,
      HOME,
      LANG,
      TERM: 'tmux-256color',
      ...(KAGE_NODE === undefined ? {} : { KAGE_NODE }),
      XDG_CONFIG_HOME: join(directory, 'editor'),
      XDG_STATE_HOME: join(directory, 'editor'),
      XDG_DATA_HOME: join(directory, 'editor'),
      KAGE_CONFIG: join(directory, 'config.toml'),
      KAGE_STATE_DIR: join(directory, 'state'),
      KAGE_DATA_DIR: join(directory, 'data'),
      KAGE_RUNTIME_DIR: join(directory, 'run'),
      KAGE_TMUX: join(directory, 'tmux.sock'),
    }
  }

  /** Prints a line; while somebody watches the editor the terminal is the editor's, and it is printed afterwards. */
  say(text: string): void {
    if (this.#viewer === null) process.stdout.write(`${text}\n`)
    else this.#unsaid.push(text)
  }

  /** Begins a part of the story: a heading, or while somebody watches a line below the screen. */
  async title(text: string): Promise<void> {
    this.say(`\n── ${text}`)
    await this.#theatre?.caption(text)
    await this.#rest(1500)
  }

  /** Tells that something holds, or ends the demo because it does not. */
  check(what: string, holds: boolean): void {
    this.say(`  ${holds ? '✓' : '✗'} ${what}`)
    if (!holds) throw new Error(`the demo failed: not true that ${what}`)
  }

  /** Opens Neovim with the plugin in a pane; on a terminal the person watches it from now on. */
  async openEditor(repository: string, file: string): Promise<void> {
    this.#begun = true
    const pace = this.#shows ? 900 : 60
    this.#models = await startModelServer(demoScript(pace))
    await mkdir(join(this.directory, 'editor'), { recursive: true })
    await writeFile(this.#environment['KAGE_CONFIG'] ?? '', configuration(this.#models.address))
    const { columns = 120, rows = 36 } = this.#shows ? process.stdout : {}
    const argv = [editor(), '--clean', '--cmd', 'let &rtp = $KAGE_ROOT . "," . &rtp', file]
    const environment: Record<string, string> = {
      ...this.#environment,
      KAGE_ROOT: root.replaceAll(/[\\,]/g, '\\$&'),
    }
    const size = { columns: Math.max(columns, 80), rows: Math.max(rows - 1, 24) }
    this.#theatre = await Theatre.open(environment['KAGE_TMUX'] ?? '', environment, {
      argv,
      cwd: repository,
      ...size,
    })
    if (this.#shows) this.#viewer = watch(this.#theatre)
  }

  /** Types a command of Neovim's. */
  async command(text: string): Promise<void> {
    const { theatre } = this
    await theatre.text(':')
    for (const piece of this.#shows ? text : [text]) {
      await theatre.text(piece)
      await this.#rest(35)
    }
    await this.#rest(600)
    await theatre.press('Enter')
  }

  /** Presses a key, and on a terminal tells what it does. */
  async key(key: string, meaning: string): Promise<void> {
    this.say(`  ${key.padEnd(4)} ${meaning}`)
    await this.theatre.caption(`${key}  ${meaning}`)
    await this.#rest(1400)
    await this.theatre.press(key)
  }

  /** Waits until the screen shows something; the screen is printed where nobody watches it. */
  async shows(what: RegExp, print = false): Promise<string> {
    const screen = await this.theatre.until(what)
    if (print && this.#viewer === null) this.say(withoutEmptyRows(screen))
    await this.#rest(1200)
    return screen
  }

  get theatre(): Theatre {
    if (this.#theatre === null) throw new Error('the editor is not open')
    return this.#theatre
  }

  /** Runs a command of kage and answers with its JSON document; any exit code but 0 ends the demo. */
  async kage<T>(repository: string, words: readonly string[]): Promise<T> {
    const outcome = await run(program, [...words, '--json', '--repo', repository], { env: this.#environment })
    if (outcome.code === 0) return JSON.parse(outcome.stdout.toString('utf8')) as T
    const said = `${outcome.stdout.toString('utf8')}${outcome.stderr}`
    throw new Error(`kage ${words.join(' ')} ended with ${outcome.code}: ${said}`)
  }

  /** Ends everything that the demo started. */
  async close(): Promise<void> {
    if (!this.#begun) return
    this.#begun = false
    // The editor first: as long as it is at work it has a daemon that died started again.
    await stopServer(this.#environment['KAGE_TMUX'] ?? '', this.#environment)
    await this.#viewer
    await run(program, ['daemon', 'stop'], { env: this.#environment })
    this.#viewer = null
    for (const text of this.#unsaid.splice(0)) this.say(text)
    await this.#models?.close()
  }

  /** Gives a person time to look; nobody else needs it. */
  async #rest(ms: number): Promise<void> {
    if (this.#shows) await pause(ms)
  }
}

/** The person's terminal shows the theatre until that closes. */
function watch({ server }: Theatre): Promise<unknown> {
  const { TMUX: _, TMUX_PANE: __, ...environment } = process.env
  return execa(server.program, ['-u', '-S', server.socket, 'attach-session', '-t', '=demo'], {
    env: environment,
    extendEnv: false,
    stdio: 'inherit',
    reject: false,
  })
}

/** The newest Neovim that set-up placed, else the system's. */
function editor(): string {
  const placed = ['0.12', '0.10'].map((version) => join(root, '.tools', `nvim-${version}`, 'nvim'))
  return placed.find((path) => existsSync(path)) ?? 'nvim'
}

function withoutEmptyRows(screen: string): string {
  const rows = screen.split('\n').filter((row) => /[^\s│~]/.test(row))
  return rows.map((row) => `  ${row.trimEnd()}`).join('\n')
}
