import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { limit } from '../core/limit.ts'
import type { Report } from '../core/protocol/report.ts'
import type { Redact } from '../core/redact.ts'
import { cut } from './cut.ts'
import { onDisk } from './disk.ts'
import { printable, printableLine } from './printable.ts'

/** Where an agent tells what it does: whole lines of JSON, appended. */
export interface Outbox {
  /** Texts longer than their limits are cut. */
  readonly tell: <T extends Report['type']>(type: T, data: Extract<Report, { type: T }>['data']) => void
  readonly close: () => void
}

/** Opens the outbox of a spool for appending. */
export function openOutbox(path: string, redact: Redact): Outbox {
  const { O_APPEND, O_CREAT, O_WRONLY } = constants
  const file = openSync(path, O_APPEND | O_CREAT | O_WRONLY, 0o600)
  return {
    tell: (type, data) => {
      const fields = Object.entries(data).map(([name, value]) => [name, fitting(name, value, redact)])
      const line = `${JSON.stringify({ type, data: Object.fromEntries(fields) as unknown })}\n`
      onDisk(() => writeSync(file, line))
    },
    close: () => closeSync(file),
  }
}

const longFields: readonly string[] = ['text', 'message', 'summary']

function fitting(name: string, value: unknown, redact: Redact): unknown {
  if (typeof value !== 'string') return value
  if (longFields.includes(name)) return cut(printable(redact(value)), limit.reportTextCharacters)
  return cut(printableLine(redact(value)), limit.reportLineCharacters)
}
