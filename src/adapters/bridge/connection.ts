import { homedir } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { type Client, connect } from './client.ts'
import { isLockHeld } from './held.ts'
import { personSocket } from './socket-path.ts'
import type * as Start from './start.ts'
import { type Directories, directories } from '../../core/directory.ts'
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Salvaged, Verified } from '../../core/protocol/health.ts'
import type { DaemonStatus, Examination, Hello, Results } from '../../core/protocol/results.ts'
import { type Build, isOlder, kageVersion, protocolVersion } from '../../core/protocol/version.ts'
import { ownStatement } from '../process/client/statement.ts'
import { answerOf, promptAnswer } from './silence.ts'

const attemptsMax = 5

export interface AskOptions {
  /** Whether a daemon is started where none listens; without it the question fails at once. */
  readonly start?: boolean
}

/** The way to the daemon: made at the first question, and made anew when the daemon went away. */
export class Connection {
  readonly directories: Directories
  readonly #environment: Readonly<Record<string, string>>
  #client: Promise<Client> | null = null

  constructor(environment: Readonly<Record<string, string>>) {
    this.#environment = environment
    this.directories = directories(environment, { home: homedir(), uid: process.getuid?.() ?? 0 })
  }

  get socket(): string {
    return personSocket(this.directories.runtime)
  }

  /** Asks; a question that a daemon took to its grave is asked again, which its command id makes harmless; only a text is never sent twice. */
  async ask<M extends keyof PersonParams & keyof Results>(
    method: M,
    params: PersonParams[M],
    { start = true }: AskOptions = {},
  ): Promise<Results[M]> {
    for (let attempt = 1; ; attempt++) {
      const opening = (this.#client ??= this.#open(start))
      let asked = false
      try {
        const client = await opening
        asked = true
        return (await answerOf(client, client.request(method, params))) as Results[M]
      } catch (thrown) {
        if (this.#client === opening && (!asked || isGone(thrown))) this.#client = null
        const last = attempt === attemptsMax || !start || isLockHeld(thrown) || (asked && method === 'send')
        if (!isGone(thrown) || last) throw thrown
      }
    }
  }

  /** The daemon's status; where none listens it has no pid and none is started, but one that holds the lock is named. */
  async status(): Promise<DaemonStatus> {
    const running = await this.#askRunning('status', {})
    if (running !== null) return running
    const { readHolder } = await import('../process/lock-holder.ts')
    const holder = readHolder(this.directories.state)
    return {
      pid: null,
      version: null,
      protocol: null,
      socket: this.socket,
      uptimeMs: null,
      events: null,
      agents: null,
      health: null,
      ...(holder === null ? {} : { holder }),
    }
  }

  /** Ends the daemon gracefully; resolves when its process is gone. */
  async stopDaemon(): Promise<void> {
    const stopping = await this.#askRunning('shutdown', {})
    if (stopping !== null) await ended(stopping.pid)
  }

  examineMachine(directory: string): Promise<Examination> {
    return this.#askProgram('doctor', directory) as Promise<Examination>
  }

  /** Checks the store, beside a daemon or without one. */
  verifyStore(): Promise<Verified> {
    return this.#askProgram('verify') as Promise<Verified>
  }

  /** Ends the daemon and rebuilds the store with every whole event. */
  async salvageStore(): Promise<Salvaged> {
    await this.stopDaemon()
    return (await this.#askProgram('salvage')) as Salvaged
  }

  async #askProgram(...words: readonly string[]): Promise<unknown> {
    const { askProgram } = await starting()
    return askProgram(this.#environment, words)
  }

  /** Asks a daemon of any version, as long as one runs; null where none does, and none is started. */
  async #askRunning<M extends 'status' | 'shutdown'>(
    method: M,
    params: PersonParams[M],
  ): Promise<Results[M] | null> {
    let client: Client | null = null
    try {
      client = await connect(this.socket)
      // Only the person may end the daemon: it asks which process this is.
      if (method === 'shutdown') await introduced(client)
      return (await promptAnswer(client, method, params)) as Results[M]
    } catch (thrown) {
      if (isGone(thrown)) return null
      throw thrown
    } finally {
      client?.close()
    }
  }

  close(): void {
    const opening = this.#client
    this.#client = null
    opening?.then((client) => client.close()).catch(() => {})
  }

  async #open(start: boolean): Promise<Client> {
    const running = await connect(this.socket).catch((thrown: unknown) => {
      if (isGone(thrown) && start) return null
      throw thrown
    })
    if (running !== null) {
      const daemon = await introduced(running)
      if (isOurs(daemon)) return running
      if (!start || !isOlder(daemon, ours)) throw otherVersion(running, daemon)
      await takeOver(running, daemon)
    }
    const { startDaemon } = await starting()
    await startDaemon(this.directories, this.#environment)
    const client = await connect(this.socket)
    const daemon = await introduced(client)
    if (!isOurs(daemon)) throw otherVersion(client, daemon)
    return client
  }
}

/** What starts programs takes a while to load, and a daemon that runs needs none. */
function starting(): Promise<typeof Start> {
  return import('./start.ts')
}

const ours: Build = { protocol: protocolVersion, version: kageVersion }

function isOurs({ protocol, version }: Build): boolean {
  return protocol === ours.protocol && !isOlder({ protocol, version }, ours)
}

/** Says hello, and answers with which daemon it is; one of another protocol tells that in its status. */
async function introduced(client: Client): Promise<Hello> {
  try {
    const greeting = { protocol: protocolVersion, client: `kage ${kageVersion}`, process: ownStatement() }
    return (await promptAnswer(client, 'hello', greeting)) as Hello
  } catch (thrown) {
    if (thrown instanceof KageError && thrown.code === 'KAGE_DAEMON_VERSION') {
      const { protocol, version, pid } = (await promptAnswer(client, 'status', {})) as DaemonStatus
      return { protocol: protocol ?? 0, version: version ?? '0', pid: pid ?? 0 }
    }
    client.close()
    throw thrown
  }
}

/** Ends an older daemon gracefully: agents go on, and the next daemon takes them back. */
async function takeOver(client: Client, { pid, version }: Hello): Promise<void> {
  await promptAnswer(client, 'shutdown', {})
  client.close()
  await ended(pid).catch(() => {
    const message = `The daemon of Kage ${version} (pid ${pid}) does not end, so that this version cannot start its own.`
    throw new KageError(
      'KAGE_DAEMON_VERSION',
      message,
      `End it with \`kill ${pid}\` and try again; agents go on.`,
    )
  })
}

function otherVersion(client: Client, { protocol, version }: Build): KageError {
  client.close()
  const daemon = `the daemon is Kage ${version} (protocol ${protocol})`
  return new KageError(
    'KAGE_DAEMON_VERSION',
    `This is Kage ${kageVersion} (protocol ${protocolVersion}); ${daemon}.`,
  )
}

async function ended(pid: number): Promise<void> {
  const deadline = Date.now() + limit.daemonStartMs
  const { isRunning } = await starting()
  while (isRunning(pid)) {
    if (Date.now() > deadline)
      throw new KageError('KAGE_TIMEOUT', `The daemon (pid ${pid}) has not ended yet.`)
    await pause(10)
  }
}

function isGone(thrown: unknown): boolean {
  return thrown instanceof KageError && thrown.code === 'KAGE_DAEMON_UNREACHABLE'
}
