import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import type { DatabaseSync } from 'node:sqlite'
import { faultOf } from '../../core/error.ts'
import type { Fault } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { createAppender } from './append.ts'
import type { Appender } from './append.ts'
import { layBallast, openWithBallast } from './ballast.ts'
import type { Batch, Head } from './batch.ts'
import { openForWriting } from './connection.ts'
import { storeFailure } from './failure.ts'
import { MarkFile } from './mark.ts'
import { purge } from './purge.ts'

/** What the writer is started with. */
export interface WriterData {
  readonly directory: string
  readonly stateVersion: number
  readonly eventFormat: number
  /** The mark outside the store; null without one. */
  readonly mark: string | null
}

export type Request =
  | { readonly kind: 'append'; readonly batch: Batch }
  | { readonly kind: 'purge'; readonly seq: number }
  | { readonly kind: 'close' }

/** `count` requests, in the order they came, are done and durable. */
export type Reply =
  | { readonly kind: 'open'; readonly head: Head }
  | { readonly kind: 'done'; readonly count: number; readonly head: Head }
  | { readonly kind: 'failed'; readonly fault: Fault }

if (parentPort) main(parentPort, workerData as WriterData)

function main(port: MessagePort, { directory, stateVersion, eventFormat, mark }: WriterData): void {
  let database: DatabaseSync | undefined
  try {
    database = openWithBallast(directory, (lastTry) => openForWriting(directory, eventFormat, lastTry))
    const appender = createAppender(database, { stateVersion, eventFormat })
    listen({ port, database, appender, mark: new MarkFile(mark) }, fail)
    layBallast(directory)
  } catch (error) {
    fail(error)
  }

  function fail(error: unknown): void {
    port.postMessage({ kind: 'failed', fault: faultOf(storeFailure(error, directory)) } satisfies Reply)
    port.close()
    if (database?.isOpen) database.close()
  }
}

interface WriterParts {
  readonly port: MessagePort
  readonly database: DatabaseSync
  readonly appender: Appender
  readonly mark: MarkFile
}

function listen({ port, database, appender, mark }: WriterParts, fail: (error: unknown) => void): void {
  port.postMessage({ kind: 'open', head: appender.head() } satisfies Reply)
  port.on('message', (first: Request) => {
    if (!database.isOpen) return
    try {
      perform(takeQueued(port, first))
    } catch (error) {
      fail(error)
    }
  })

  function perform({ batches, next }: Queued): void {
    if (batches.length > 0) appender.commit(batches)
    markEvents(batches)
    if (next?.kind === 'purge') purge(database, next.seq)
    if (next?.kind === 'close') {
      database.close()
      mark.close()
    }
    const count = batches.length + (next ? 1 : 0)
    port.postMessage({ kind: 'done', count, head: appender.head() } satisfies Reply)
    if (next?.kind === 'close') port.close()
  }

  function markEvents(batches: readonly Batch[]): void {
    const last = batches.findLast(({ events }) => events.length > 0)
    if (last === undefined) return
    const { seq, chain } = appender.head()
    mark.move({ seq, chain, run: 0, undo: 0, ...last.numbers })
  }
}

interface Queued {
  readonly batches: readonly Batch[]
  readonly next: Request | undefined
}

/** Group commit: all appends that came while the last commit ran, and the other request that follows them, if any. */
function takeQueued(port: MessagePort, first: Request): Queued {
  const batches: Batch[] = []
  let bytes = 0
  let next: Request | undefined = first
  while (next?.kind === 'append') {
    batches.push(next.batch)
    bytes += bytesOf(next.batch)
    if (batches.length >= limit.appendsPerCommit || bytes >= limit.commitBytes)
      return { batches, next: undefined }
    next = receiveMessageOnPort(port)?.message as Request | undefined
  }
  return { batches, next }
}

function bytesOf({ events, state }: Batch): number {
  let bytes = 0
  for (const event of events) bytes += event.data.length
  for (const change of state) bytes += change.value?.length ?? 0
  return bytes
}
