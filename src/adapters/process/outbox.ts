import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { limit } from '../../core/limit.ts'
import type { ObservedReport } from '../../core/observed.ts'

/** Some lines of an outbox, and whether more lies behind them. */
export interface OutboxPage {
  readonly reports: readonly ObservedReport[]
  readonly more: boolean
}

const none: OutboxPage = { reports: [], more: false }
const newline = 10

/**
 * Reads what agents append to the outboxes of their spools: whole lines, at most a page at once. The file is the agent's to
 * write: what is no plain file is empty, and a line that is too long is passed over, however long it grows.
 */
export class Outboxes {
  /** How far a line that is too long has been passed over; a new start begins again where it was refused. */
  readonly #passed = new Map<string, number>()
  readonly #ends = new Map<string, number>()

  /** The lines behind the first bytes of an outbox; what is appended after the end of its agent was seen first is not waited for. */
  read(directory: string, from: number, agentEnded: boolean): OutboxPage {
    const file = openOutbox(join(directory, 'outbox'))
    if (file === null) return none
    try {
      const { size } = file
      const end = Math.min(agentEnded ? (this.#ends.get(directory) ?? size) : size, size, limit.outboxBytes)
      if (from >= end) return tooMuch(from, size)
      if (agentEnded) this.#ends.set(directory, end)
      const page = this.#page(directory, file.descriptor, from, end)
      if (!page.more) this.#ends.delete(directory)
      return page
    } catch {
      return none
    } finally {
      closeSync(file.descriptor)
    }
  }

  #page(directory: string, descriptor: number, from: number, end: number): OutboxPage {
    const isWithin = from > 0 && bytesAt(descriptor, from - 1, 1)[0] !== newline
    const start = isWithin ? this.#passOver(directory, descriptor, from, end) : from
    if (!isWithin) this.#passed.delete(directory)
    if (start === null) return { reports: [], more: (this.#passed.get(directory) ?? end) < end }
    const bytes = bytesAt(descriptor, start, Math.min(end - start, limit.outboxPageBytes))
    return linesOf(bytes, start, end)
  }

  /** Where the line ends that is being passed over; null where that is not known yet. */
  #passOver(directory: string, descriptor: number, from: number, end: number): number | null {
    let at = Math.max(from, this.#passed.get(directory) ?? 0)
    if (at > from && bytesAt(descriptor, at - 1, 1)[0] === newline) return at
    for (const most = at + limit.outboxScanBytes; at < Math.min(end, most);) {
      const bytes = bytesAt(descriptor, at, Math.min(end - at, limit.outboxPageBytes))
      const found = bytes.indexOf(newline)
      if (found !== -1) {
        this.#passed.set(directory, at + found + 1)
        return at + found + 1
      }
      if (bytes.length === 0) break
      at += bytes.length
    }
    this.#passed.set(directory, at)
    return null
  }
}

function linesOf(bytes: Buffer, start: number, end: number): OutboxPage {
  const reports: ObservedReport[] = []
  let at = 0
  while (at < bytes.length && reports.length < limit.reportsPerLook) {
    const found = bytes.indexOf(newline, at)
    const length = (found === -1 ? bytes.length : found) - at
    if (length > limit.reportBytes) {
      const problem = `a line of more than ${limit.reportBytes} bytes was passed over`
      reports.push({ problem, outbox: start + at + limit.reportBytes + 1 })
    } else if (found !== -1) {
      reports.push({ line: bytes.toString('utf8', at, found), outbox: start + found + 1 })
    }
    if (found === -1) break
    at = found + 1
  }
  // A whole page without a line's end is one line that is too long, so that there always is something to go on from.
  const isCut = reports.length === limit.reportsPerLook ? at < bytes.length : false
  return { reports, more: reports.length > 0 && (isCut || start + bytes.length < end) }
}

/** Beyond the most that is read of an outbox nothing counts; that is told once. */
function tooMuch(from: number, size: number): OutboxPage {
  if (size <= limit.outboxBytes || from > limit.outboxBytes) return none
  const problem = `its outbox has more than ${limit.outboxBytes} bytes; nothing more of it is read`
  return { reports: [{ problem, outbox: limit.outboxBytes + 1 }], more: false }
}

function openOutbox(path: string): { descriptor: number; size: number } | null {
  let descriptor: number
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return null
  }
  const stat = fstatSync(descriptor)
  if (stat.isFile()) return { descriptor, size: stat.size }
  closeSync(descriptor)
  return null
}

function bytesAt(descriptor: number, from: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length)
  return buffer.subarray(0, readSync(descriptor, buffer, 0, length, from))
}
