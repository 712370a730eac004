import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { KageError } from '../../core/error.ts'
import type { Fault } from '../../core/error.ts'
import type { Head } from './batch.ts'
import type { Reply, Request, WriterData } from './writer.ts'

const doubt =
  '`kage daemon restart` opens it again. What was not acknowledged may be stored all the same: `kage log` tells.'

interface Waiting {
  readonly resolve: () => void
  readonly reject: (error: KageError) => void
}

/** The writer's file beside this one: a source beside sources, a bundle beside bundles. */
const besideThisFile: URL = new URL(`./writer${extname(import.meta.url)}`, import.meta.url)

/** The near end of the writer's thread: requests go in order, each promise settles when its own is durable. */
export class WriterLink {
  readonly #worker: Worker
  readonly #ended: Promise<void>
  readonly #opened = Promise.withResolvers<void>()
  #waiting: Waiting[] = []
  #head: Head = { seq: 0, chain: '', stateVersion: 0 }
  #failure: KageError | null = null

  constructor(data: WriterData, url: URL = besideThisFile) {
    this.#worker = new Worker(url, { workerData: data, execArgv: [], name: 'kage-store' })
    this.#ended = new Promise((resolve) => this.#worker.once('exit', () => resolve()))
    this.#worker.on('message', (reply: Reply) => this.#receive(reply))
    this.#worker.on('error', (error) => this.#fail(stopped(String(error))))
    this.#worker.on('exit', () => this.#fail(stopped('its thread ended')))
  }

  /** Resolves when the file is open for writing. */
  get opened(): Promise<void> {
    return this.#opened.promise
  }

  /** What is durable by now. */
  get head(): Head {
    return this.#head
  }

  /** Why nothing more is taken, or null. */
  get failure(): KageError | null {
    return this.#failure
  }

  send(request: Request): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ resolve, reject })
    this.#worker.postMessage(request)
    return promise
  }

  /** Ends the thread after everything sent before is durable. */
  async close(): Promise<void> {
    if (!this.#failure) {
      const closed = this.send({ kind: 'close' })
      this.#failure = new KageError('KAGE_STORE', 'The store is closed.')
      await closed
    }
    await this.#ended
  }

  #receive(reply: Reply): void {
    if (reply.kind === 'failed') return this.#fail(this.#failureOf(reply.fault))
    this.#head = reply.head
    if (reply.kind === 'open') return this.#opened.resolve()
    for (const { resolve } of this.#waiting.splice(0, reply.count)) resolve()
  }

  /** After a failure nobody can say whether what was on its way is stored: the file itself tells at the next opening. */
  #failureOf({ code, message, hint }: Fault): KageError {
    return new KageError(code, message, code === 'KAGE_STORE' && this.#head.chain !== '' ? doubt : hint)
  }

  #fail(error: KageError): void {
    this.#failure ??= error
    this.#opened.reject(error)
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }
}

function stopped(reason: string): KageError {
  return new KageError('KAGE_STORE', `The writer of the store stopped: ${reason}.`, doubt)
}
