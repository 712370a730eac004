import type { EventType, KageEvent } from '../event.ts'
import { eventTable } from './event-table.ts'
import { type Format, readVersion } from './versioned.ts'

/** An event as the store keeps it: its data is JSON, null after a purge. */
export interface StoredEvent {
  readonly seq: number
  readonly id: string
  readonly at: string
  readonly type: string
  readonly v: number
  readonly run: string | null
  readonly agent: string | null
  readonly data: string | null
}

/** A stored event in the current shape of its type; one that has no such shape becomes `event.unreadable` in its place. */
export function readEvent(stored: StoredEvent): KageEvent {
  if (stored.data === null) return unreadable(stored, 'its data was purged')
  const table: Readonly<Record<string, Format<unknown>>> = eventTable
  const format = Object.hasOwn(table, stored.type) ? table[stored.type] : undefined
  if (format === undefined) return unreadable(stored, 'this version of Kage does not know its type')
  const parsed = parse(stored.data)
  if (parsed === undefined) return unreadable(stored, 'its data is no JSON')
  const reading = readVersion(format, stored.v, parsed)
  if (!reading.ok) return unreadable(stored, reading.reason)
  return { ...stored, v: format.version, data: reading.data } as KageEvent
}

/** The version in which events of a type are written. */
export function versionOf(type: EventType): number {
  return eventTable[type].version
}

function unreadable(stored: StoredEvent, reason: string): KageEvent {
  const { type, ...rest } = stored
  return { ...rest, v: versionOf('event.unreadable'), type: 'event.unreadable', data: { type, reason } }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
