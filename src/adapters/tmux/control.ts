import { randomBytes } from 'node:crypto'
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { traced } from '../process/trace.ts'
import { attachControl } from './client.ts'
import type { ControlClient } from './client.ts'
import { commandLine } from './command.ts'
import type { Command } from './command.ts'
import { readLine, startReading } from './frame.ts'
import type { Answer } from './frame.ts'
import type { TmuxServer } from './server.ts'
import { ensureSession, identify } from './session.ts'
import type { RunningServer } from './session.ts'
import { createTurns } from './turn.ts'
import type { Turns } from './turn.ts'

export interface ControlOptions {
  readonly onLost?: (reason: string) => void
  readonly onBack?: () => void
  /** Something about windows, panes or sessions changed: look again. */
  readonly onChange?: () => void
}

interface Waiting {
  readonly nonce: string
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: KageError) => void
}

interface Connection {
  readonly client: ControlClient
  readonly session: string
  readonly running: RunningServer
  readonly waiting: Waiting[]
  readonly openedAt: number
}

const changes = /^%(window-close|unlinked-window-close|layout-change|sessions-changed) /

/** Opens the one shared control client of a running server, attached to Kage's own session. */
export async function openControl(server: TmuxServer, options: ControlOptions = {}): Promise<Control> {
  const control = new Control(server, options)
  await control.connect()
  return control
}

/** The persistent, pipelined connection to one server; it comes back by itself when a client is detached. */
export class Control {
  readonly server: TmuxServer
  /** Queues work that must not overlap, per key. */
  readonly inTurn: Turns = createTurns()
  #options: ControlOptions
  #connection: Connection | null = null
  #connecting: Promise<Connection> | null = null
  #retry: NodeJS.Timeout | null = null
  #lost = false
  #closed = false
  #changed = false

  constructor(server: TmuxServer, options: ControlOptions) {
    this.server = server
    this.#options = options
  }

  /** The id of Kage's own session on this server. */
  async session(): Promise<string> {
    return (await this.#connected()).session
  }

  /** Which server this is: its panes' ids mean something only together with it. */
  async running(): Promise<RunningServer> {
    return (await this.#connected()).running
  }

  /** Connects unless connected; throws KAGE_TMUX_LOST when no server runs. */
  async connect(): Promise<void> {
    await this.#connected()
  }

  /** Runs commands in order as one step of the server and tells what they printed and what failed. */
  async request(commands: readonly Command[]): Promise<Answer> {
    const line = commandLine(commands)
    const connection = this.#connection ?? (await this.#connected())
    return traced(
      'tmux',
      () => [line],
      () => send(connection, line),
      ({ errors }) => (errors.length === 0 ? 'ok' : `refused (${errors.join('; ')})`),
    )
  }

  /** Like request, but a failed command throws KAGE_TMUX_FAILED. */
  async demand(commands: readonly Command[]): Promise<readonly string[]> {
    const { lines, errors } = await this.request(commands)
    if (errors.length > 0) throw new KageError('KAGE_TMUX_FAILED', `tmux refused: ${errors.join('; ')}`)
    return lines
  }

  /** Detaches; the server, the session and every pane go on. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#retry) clearTimeout(this.#retry)
    const connection = this.#connection ?? (await this.#connecting?.catch(() => null)) ?? null
    this.#connection = null
    reject(connection, 'The connection to tmux was closed.')
    await connection?.client.end()
  }

  #connected(): Promise<Connection> {
    if (this.#closed)
      return Promise.reject(new KageError('KAGE_TMUX_LOST', 'The connection to tmux was closed.'))
    if (this.#connection) return Promise.resolve(this.#connection)
    this.#connecting ??= this.#attach().finally(() => (this.#connecting = null))
    return this.#connecting
  }

  async #attach(): Promise<Connection> {
    const session = await ensureSession(this.server)
    const running = await identify(this.server)
    if (running === null)
      throw new KageError('KAGE_TMUX_LOST', `No tmux server answers at ${this.server.socket}.`)
    const reading = startReading()
    const waiting: Waiting[] = []
    const client = attachControl(this.server, session, {
      onLine: (line) => {
        const reaction = readLine(reading, line, waiting[0]?.nonce)
        if (reaction.kind === 'answer') waiting.shift()?.resolve(reaction.answer)
        if (reaction.kind === 'notice' && changes.test(`${reaction.text} `)) this.#announceChange()
      },
      onExit: (reason) => this.#ended(connection, reason),
    })
    const connection: Connection = { client, session, running, waiting, openedAt: Date.now() }
    await send(connection, '')
    if (this.#closed) void client.end()
    this.#connection = connection
    if (this.#lost) this.#options.onBack?.()
    this.#lost = false
    return connection
  }

  #announceChange(): void {
    if (this.#changed) return
    this.#changed = true
    setImmediate(() => {
      this.#changed = false
      if (!this.#closed) this.#options.onChange?.()
    })
  }

  #ended(connection: Connection, reason: string): void {
    reject(connection, `The connection to the tmux server at ${this.server.socket} was lost: ${reason}`)
    if (this.#connection !== connection) return
    this.#connection = null
    this.#lost = true
    this.#options.onLost?.(reason)
    const early = Date.now() - connection.openedAt < limit.tmuxReconnectMs
    this.#retry = setTimeout(() => void this.connect().catch(() => {}), early ? limit.tmuxReconnectMs : 0)
    this.#retry.unref()
  }
}

function send({ client, waiting }: Connection, line: string): Promise<Answer> {
  const nonce = `kage-${randomBytes(16).toString('hex')}`
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => client.kill(), limit.tmuxAnswerMs)
    const settled =
      <T>(settle: (value: T) => void) =>
      (value: T): void => {
        clearTimeout(timer)
        settle(value)
      }
    waiting.push({ nonce, resolve: settled(resolve), reject: settled(reject) })
    client.write(`${line === '' ? '' : `${line}\n`}display-message -p ${nonce}\n`)
  })
}

function reject(connection: Connection | null, message: string): void {
  for (const waiting of connection?.waiting.splice(0) ?? [])
    waiting.reject(new KageError('KAGE_TMUX_LOST', message))
}
