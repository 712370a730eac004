import { randomBytes } from 'node:crypto'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { limit } from '../core/limit.ts'
import type { Heard } from './desk.ts'
import { onDisk } from './disk.ts'

export interface Inbox {
  readonly close: () => void
}

export interface InboxEars {
  /** A message that was not heard before; `id` is its file's name. */
  readonly onMessage: (id: string, heard: Heard) => void
  /** One that a former attempt read and did not keep in its conversation; `isTold` if that attempt reported it. */
  readonly onLeftOver: (id: string, heard: Heard, isTold: boolean) => void
}

/**
 * Reads the messages in the inboxes of these spools, the agent's present one last. Each file moves to `heard` when it is read,
 * and to `taken`, empty, when its text is kept in the conversation, so that no message is lost or taken up twice.
 */
export function openInbox(spools: readonly string[], ears: InboxEars): Inbox {
  const own = spools.at(-1) ?? ''
  const heardIds = new Set(spools.flatMap((spool) => namesIn(join(spool, 'taken'))))
  const look = (spool: string): void => {
    for (const id of namesIn(join(spool, 'inbox'))) {
      const path = join(spool, 'inbox', id)
      const text = heardIds.has(id) ? removed(path) : textOf(path)
      if (text === null) continue
      ears.onMessage(id, keep(path, own, id, text))
      heardIds.add(id)
    }
  }
  mkdirSync(join(own, 'inbox'), { recursive: true, mode: 0o700 })
  for (const spool of spools.slice(0, -1)) {
    for (const id of namesIn(join(spool, 'heard'))) {
      const path = join(spool, 'heard', id)
      const text = heardIds.has(id) ? removed(path) : textOf(path)
      if (text === null) continue
      heardIds.add(id)
      ears.onLeftOver(id, keep(path, own, id, text), isToldIn(spool, id))
    }
  }
  const watcher = watched(join(own, 'inbox'), () => look(own))
  for (const spool of spools) look(spool)
  // What the kernel does not tell is found now and then.
  const timer = setInterval(() => look(own), limit.reconcileEveryMs)
  return {
    close: () => {
      watcher?.close()
      clearInterval(timer)
    },
  }
}

/** A line that was typed, kept as a message is that was heard. */
export function keptLine(spool: string, text: string): Heard {
  const seconds = String(Math.floor(Date.now() / 1000)).padStart(12, '0')
  const path = join(placeIn(spool, 'heard'), `${seconds}-${randomBytes(6).toString('hex')}`)
  onDisk(() => writeFileSync(path, JSON.stringify({ text }), { mode: 0o600 }))
  return { text, joined: () => rmSync(path, { force: true }) }
}

/** Null where the system watches nothing more: then the regular look has to do. */
function watched(directory: string, onChange: () => void): FSWatcher | null {
  try {
    const watcher = watch(directory, onChange)
    return watcher.on('error', () => watcher.close())
  } catch {
    return null
  }
}

function keep(path: string, own: string, id: string, text: string): Heard {
  const kept = join(placeIn(own, 'heard'), id)
  renameSync(path, kept)
  return {
    text,
    joined: () => {
      writeFileSync(join(placeIn(own, 'taken'), id), '', { mode: 0o600 })
      rmSync(kept, { force: true })
    },
  }
}

function placeIn(spool: string, name: 'heard' | 'taken'): string {
  const directory = join(spool, name)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return directory
}

/** Removes a message that was taken up already. */
function removed(path: string): null {
  rmSync(path, { force: true })
  return null
}

/** Whether the attempt of a spool has reported that it read a message. */
function isToldIn(spool: string, id: string): boolean {
  try {
    return readFileSync(join(spool, 'outbox'), 'utf8').includes(JSON.stringify(id))
  } catch {
    return false
  }
}

/** Names that begin with a dot belong to files which are still being written. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => !name.startsWith('.'))
      .toSorted()
  } catch {
    return []
  }
}

/** What is no message is taken away. */
function textOf(path: string): string | null {
  try {
    const stat = statSync(path)
    if (!stat.isFile()) return null
    if (stat.size <= limit.messageBytes * jsonGrowth) {
      const parsed = v.safeParse(message, JSON.parse(readFileSync(path, 'utf8')))
      if (parsed.success) return parsed.output.text
    }
  } catch {
    // Not to be read, or no JSON: it goes, too.
  }
  rmSync(path, { force: true })
  return null
}

const message = v.object({ text: v.string() })
const jsonGrowth = 6
