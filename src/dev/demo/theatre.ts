import { setTimeout as pause } from 'node:timers/promises'
import { findTmux } from '../../adapters/tmux/binary.ts'
import { runTmux, type TmuxServer } from '../../adapters/tmux/server.ts'

const lookMs = 30

/** A program in a pane of a tmux server of the demo's own, driven by keys and looked at like a person would. */
export class Theatre {
  readonly server: TmuxServer
  readonly #pane: string

  private constructor(server: TmuxServer, pane: string) {
    this.server = server
    this.#pane = pane
  }

  /** Starts a program in a new server; the size is that of its screen. */
  static async open(
    socket: string,
    environment: Readonly<Record<string, string>>,
    program: {
      readonly argv: readonly string[]
      readonly cwd: string
      readonly columns: number
      readonly rows: number
    },
  ): Promise<Theatre> {
    const { path } = await findTmux(environment)
    const server = { program: path, socket, environment, configuration: '/dev/null' }
    const { argv, cwd, columns, rows } = program
    const size = ['-x', String(columns), '-y', String(rows)]
    const variables = Object.entries(environment).flatMap(([name, value]) => ['-e', `${name}=${value}`])
    const words = [
      'new-session',
      '-d',
      '-s',
      'demo',
      ...size,
      ...variables,
      '-c',
      cwd,
      '-P',
      '-F',
      '#{pane_id}',
      '--',
      ...argv,
    ]
    const opened = await runTmux(server, words, { start: true })
    if (opened.code !== 0) throw new Error(`tmux did not start: ${opened.stderr}`)
    const theatre = new Theatre(server, opened.stdout.toString('utf8').trim())
    await theatre.#tmux('set-option', '-g', 'default-terminal', 'tmux-256color')
    await theatre.#tmux('set-option', '-g', 'status-right', '')
    await theatre.#tmux('set-option', '-g', 'status-left-length', '200')
    await theatre.#tmux('set-option', '-g', 'window-status-format', '')
    await theatre.#tmux('set-option', '-g', 'window-status-current-format', '')
    return theatre
  }

  /** Writes a line below the screen that tells what is going on. */
  async caption(text: string): Promise<void> {
    await this.#tmux('set-option', '-g', 'status-left', ` ${text.replaceAll('#', '##')}`)
  }

  /** Types a text as it is. */
  async text(text: string): Promise<void> {
    await this.#tmux('send-keys', '-t', this.#pane, '-l', '--', text)
  }

  /** Presses keys by tmux's names. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', '-t', this.#pane, ...keys)
  }

  /** What is on the screen now. */
  async screen(): Promise<string> {
    return this.#tmux('capture-pane', '-p', '-t', this.#pane)
  }

  /** Waits until the screen shows something and answers with it. */
  async until(shown: RegExp, timeoutMs = 30_000): Promise<string> {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const screen = await this.screen()
      if (shown.test(screen)) return screen
      if (Date.now() > deadline) throw new Error(`the screen does not show ${shown}:\n${screen}`)
      await pause(lookMs)
    }
  }

  async #tmux(...words: readonly string[]): Promise<string> {
    const outcome = await runTmux(this.server, words)
    if (outcome.code !== 0) throw new Error(`tmux ${words.join(' ')}: ${outcome.stderr}`)
    return outcome.stdout.toString('utf8').trimEnd()
  }
}
