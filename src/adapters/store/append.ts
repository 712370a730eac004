import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import type { Batch, Head, NewEvent } from './batch.ts'
import { chainStart, nextChain, payloadHash } from './chain.ts'
import { readHead } from './head.ts'

/** Writes groups of batches, each group in one transaction. */
export interface Appender {
  readonly head: () => Head
  readonly commit: (batches: readonly Batch[]) => void
}

/** The formats in which a program writes: the version of the reducer that folds, and the format of its events. */
export interface WrittenFormats {
  readonly stateVersion: number
  readonly eventFormat: number
}

/** Prepares the writing of batches. */
export function createAppender(
  database: DatabaseSync,
  { stateVersion, eventFormat }: WrittenFormats,
): Appender {
  const statements = prepare(database)
  let head = readHead(database)

  return { head: () => head, commit }

  function commit(batches: readonly Batch[]): void {
    database.exec('BEGIN IMMEDIATE')
    const state = new Map<string, string | null>()
    for (const batch of batches) apply(batch, state)
    writeState(statements, state)
    statements.head.run(head.seq, head.chain, head.stateVersion, eventFormat)
    database.exec('COMMIT')
  }

  function apply(batch: Batch, state: Map<string, string | null>): void {
    const added = batch.events.filter((event) => !isStored(event))
    for (const event of added) appendEvent(event)
    if (batch.command) keepReply(statements, batch.command)
    if (batch.events.length > 0 && added.length === 0) return
    if (batch.reset) {
      statements.stateClear.run()
      state.clear()
    }
    if (batch.reset || head.stateVersion === 0) head = { ...head, stateVersion }
    for (const { key, value } of batch.state) state.set(key, value)
  }

  function appendEvent(event: NewEvent): void {
    const { seq, id, at, type, v, run, agent, data } = event
    const payload = payloadHash(data)
    const chain = nextChain(head.chain, event, payload)
    statements.event.run(seq, id, at, type, v, run, agent, payload, chain)
    statements.payload.run(seq, data)
    head = { ...head, seq, chain }
  }

  /** An event up to the head must be the one stored there: a retry after a failure that left open what was written. */
  function isStored(event: NewEvent): boolean {
    if (event.seq > head.seq) return false
    const before = statements.chainAt.get(event.seq - 1)?.['chain'] ?? chainStart
    const link = nextChain(String(before), event, payloadHash(event.data))
    if (statements.chainAt.get(event.seq)?.['chain'] === link) return true
    throw new KageError('KAGE_STORE', `Another event is stored as number ${event.seq}.`)
  }
}

type Statements = Readonly<
  Record<
    | 'event'
    | 'payload'
    | 'chainAt'
    | 'stateClear'
    | 'stateSet'
    | 'stateRemove'
    | 'replyAdd'
    | 'replyOf'
    | 'replyPrune'
    | 'head',
    StatementSync
  >
>

function prepare(database: DatabaseSync): Statements {
  return {
    event: database.prepare(
      'INSERT INTO event (seq, id, at, type, v, run, agent, payload, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    payload: database.prepare('INSERT INTO payload (seq, data) VALUES (?, ?)'),
    chainAt: database.prepare('SELECT chain FROM event WHERE seq = ?'),
    stateClear: database.prepare('DELETE FROM state'),
    stateSet: database.prepare(
      `INSERT INTO state (key, value, hash) VALUES (?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, hash = excluded.hash`,
    ),
    stateRemove: database.prepare('DELETE FROM state WHERE key = ?'),
    replyAdd: database.prepare('INSERT INTO command (id, reply) VALUES (?, ?) ON CONFLICT (id) DO NOTHING'),
    replyOf: database.prepare('SELECT reply FROM command WHERE id = ?'),
    replyPrune: database.prepare('DELETE FROM command WHERE ordinal <= ?'),
    head: database.prepare('UPDATE head SET seq = ?, chain = ?, state_version = ?, event_format = ?'),
  }
}

function writeState(statements: Statements, state: ReadonlyMap<string, string | null>): void {
  for (const [key, value] of state) {
    if (value === null) statements.stateRemove.run(key)
    else statements.stateSet.run(key, value, payloadHash(value))
  }
}

/** A command is done once: a second reply to it must be the first one again. */
function keepReply(
  statements: Statements,
  { id, reply }: { readonly id: string; readonly reply: string },
): void {
  const { changes, lastInsertRowid } = statements.replyAdd.run(id, reply)
  if (changes === 1) statements.replyPrune.run(Number(lastInsertRowid) - limit.commandsKept)
  else if (statements.replyOf.get(id)?.['reply'] !== reply) {
    throw new KageError('KAGE_STORE', `The command ${id} is done already, with another reply.`)
  }
}
