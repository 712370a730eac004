import type { DatabaseSync } from 'node:sqlite'
import { KageError } from '../../core/error.ts'
import type { Batch, EventRow } from './batch.ts'
import { openForReading } from './connection.ts'
import { storeFailure } from './failure.ts'
import { WriterLink } from './link.ts'
import * as read from './read.ts'
import { verify } from './verify.ts'
import type { Verification } from './verify.ts'

export interface StoreOptions {
  /** The version of the reducer whose state is appended; another version's state must be folded anew (`reset`). */
  readonly stateVersion?: number
  /** The format of the events that are appended; a store of a higher one is refused with KAGE_STORE_NEWER. */
  readonly eventFormat?: number
  /** Where a mark of how far the store has come is kept, outside it. */
  readonly mark?: string
  /** The writer's file, where it does not lie beside this one. */
  readonly writerUrl?: URL
}

/** Opens the store of a directory, making it where there is none; the caller holds the directory's lock. */
export async function openStore(directory: string, options: StoreOptions = {}): Promise<Store> {
  const { stateVersion = 1, eventFormat = 1 } = options
  const { mark = null } = options
  const writer = new WriterLink({ directory, stateVersion, eventFormat, mark }, options.writerUrl)
  await writer.opened
  try {
    return new Store(directory, stateVersion, writer, openForReading(directory, eventFormat))
  } catch (error) {
    await writer.close()
    throw storeFailure(error, directory)
  }
}

/** The event log with the state it folds to. */
export class Store {
  readonly #directory: string
  readonly #stateVersion: number
  readonly #writer: WriterLink
  readonly #reader: DatabaseSync
  readonly #commands = new Set<string>()
  #seq: number
  #stale: boolean

  constructor(directory: string, stateVersion: number, writer: WriterLink, reader: DatabaseSync) {
    this.#directory = directory
    this.#stateVersion = stateVersion
    this.#writer = writer
    this.#reader = reader
    this.#seq = writer.head.seq
    this.#stale = writer.head.stateVersion !== 0 && writer.head.stateVersion !== stateVersion
  }

  /** Why the store takes nothing more until it is opened again, or null. */
  get failure(): KageError | null {
    return this.#writer.failure
  }

  /** Resolves after the commit that holds the batch; batches are stored in the order of the calls. */
  async append(batch: Batch): Promise<void> {
    this.#check(batch)
    this.#seq = Math.max(this.#seq, batch.events.at(-1)?.seq ?? 0)
    if (batch.reset) this.#stale = false
    if (!batch.command) return this.#writer.send({ kind: 'append', batch })
    this.#commands.add(batch.command.id)
    try {
      await this.#writer.send({ kind: 'append', batch })
    } finally {
      this.#commands.delete(batch.command.id)
    }
  }

  /** Removes the data of an event for good; the event stays. */
  purge(seq: number): Promise<void> {
    return this.#writer.send({ kind: 'purge', seq })
  }

  /** A page of events in order; fewer than asked for where they are large, none only at the end. */
  readEvents(page: read.Page): EventRow[] {
    return this.#read((database) => read.readEvents(database, page))
  }

  eventAt(seq: number): EventRow | null {
    return this.#read((database) => read.eventAt(database, seq))
  }

  seqOf(id: string): number | null {
    return this.#read((database) => read.seqOf(database, id))
  }

  seqAt(time: string): number {
    return this.#read((database) => read.seqAt(database, time))
  }

  /** The folded state; rows whose keys begin with `unread` are left to `stateKeys` and `stateRow`. */
  readState(unread: string | null = null): read.StoredState {
    return this.#read((database) => read.readState(database, unread))
  }

  stateKeys(prefix: string): string[] {
    return this.#read((database) => read.stateKeys(database, prefix))
  }

  /** One row of the folded state; null where it is not there, or not as it was written. */
  stateRow(key: string): string | null {
    return this.#read((database) => read.stateRow(database, key))
  }

  commandReply(id: string): string | null {
    return this.#read((database) => read.commandReply(database, id))
  }

  /** The link of the chain at an event, or null. */
  linkAt(seq: number): string | null {
    return this.#read((database) => read.linkAt(database, seq))
  }

  /** The number of the last durable event. */
  lastSeq(): number {
    return this.#writer.head.seq
  }

  /** Tells whether all is as it was written, and the first event that is not. */
  async verify(): Promise<Verification> {
    try {
      return await verify(this.#reader)
    } catch (error) {
      throw storeFailure(error, this.#directory)
    }
  }

  /** Resolves when all that was appended is durable and the file is closed. */
  async close(): Promise<void> {
    if (this.#reader.isOpen) this.#reader.close()
    await this.#writer.close()
  }

  #check({ events, state, command, reset }: Batch): void {
    if (this.#writer.failure) throw this.#writer.failure
    const first = events[0]?.seq ?? 1
    if (first < 1 || first > this.#seq + 1) throw refused(`event ${first} cannot follow event ${this.#seq}`)
    if (events.some((event, index) => event.seq !== first + index))
      throw refused('its events are not in order')
    if (this.#stale && !reset)
      throw refused(`the state must first be folded by version ${this.#stateVersion}`)
    if (command && this.#commands.has(command.id))
      throw refused(`the command ${command.id} is being appended`)
    for (const event of events)
      if (!isStorable(event)) throw refused(`event ${event.seq} holds half a character`)
    if (!state.every(isStorable) || (command && !isStorable(command)))
      throw refused('it holds half a character')
  }

  #read<T>(operation: (database: DatabaseSync) => T): T {
    try {
      return operation(this.#reader)
    } catch (error) {
      throw storeFailure(error, this.#directory)
    }
  }
}

/** UTF-8 cannot hold a lone surrogate: it would come back as another character. */
function isStorable(row: object): boolean {
  return Object.values(row).every((value) => typeof value !== 'string' || value.isWellFormed())
}

function refused(reason: string): KageError {
  return new KageError('KAGE_STORE', `The store refused a batch: ${reason}.`)
}
