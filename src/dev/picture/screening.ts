import { setTimeout as pause } from 'node:timers/promises'
import { findTmux } from '../../adapters/tmux/binary.ts'
import { type TmuxServer, runTmux } from '../../adapters/tmux/server.ts'
import { readScreen } from './screen.ts'
import { svgOf } from './svg.ts'

const size = { columns: 110, rows: 24 } as const
const patienceMs = 30_000
const restMs = 3_000

/** A real program in a pane of a tmux server of its own, to be driven by keys and taken pictures of. */
export class Screening {
  readonly #server: TmuxServer

  private constructor(server: TmuxServer) {
    this.#server = server
  }

  /** Starts the program with nothing but this environment; the socket's directory is the caller's. */
  static async start(
    socket: string,
    environment: Readonly<Record<string, string>>,
    directory: string,
    argv: readonly [program: string, argument: string, ...more: string[]],
  ): Promise<Screening> {
    const { path } = await findTmux(environment)
    const screening = new Screening({ program: path, socket, environment, configuration: '/dev/null' })
    const shape = ['-x', String(size.columns), '-y', String(size.rows), '-c', directory.replaceAll('#', '##')]
    await screening.#tmux(['new-session', '-d', '-s', 'picture', ...shape, '--', ...argv], true)
    await screening.#tmux(['set-option', '-g', 'status', 'off'])
    return screening
  }

  /** Types a text, or with `Enter`, `Escape` and the like one key. */
  async type(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const named = /^(Enter|Escape|Tab|Space|C-.)$/.test(key)
      await this.#tmux(['send-keys', ...(named ? [] : ['-l']), '-t', 'picture:', '--', key])
    }
  }

  /** Waits until the screen shows every one of these texts. */
  async shows(...texts: readonly string[]): Promise<void> {
    const deadline = Date.now() + patienceMs
    for (;;) {
      const screen = await this.#tmux(['capture-pane', '-p', '-t', 'picture:'])
      const missing = texts.filter((text) => !screen.includes(text))
      if (missing.length === 0) return
      if (Date.now() > deadline) throw new Error(`the screen does not show ${missing.join(', ')}:\n${screen}`)
      await pause(50)
    }
  }

  /** The picture of what the screen shows once it is at rest, or after a while where it never is. */
  async picture(title: string): Promise<string> {
    const deadline = Date.now() + restMs
    let [before, now] = ['', await this.#captured()]
    while (before !== now && Date.now() < deadline) {
      await pause(300)
      before = now
      now = await this.#captured()
    }
    return svgOf(readScreen(now), size, title)
  }

  /** Ends the server and the program with it. */
  async close(): Promise<void> {
    await runTmux(this.#server, ['kill-server'])
  }

  #captured(): Promise<string> {
    return this.#tmux(['capture-pane', '-e', '-p', '-N', '-t', 'picture:'])
  }

  async #tmux(words: readonly string[], start = false): Promise<string> {
    const outcome = await runTmux(this.#server, words, { start })
    if (outcome.code !== 0) throw new Error(`tmux ${words[0] ?? ''}: ${outcome.stderr}`)
    return outcome.stdout.toString('utf8')
  }
}
