import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { limit } from '../../../core/limit.ts'
import type { Oid } from '../../../core/merge/change.ts'

/** One line of a ref's log. */
export interface LogEntry {
  readonly before: Oid
  readonly after: Oid
  readonly message: string
}

/** Reads the last entries of a ref's log, oldest first; none where there is no such file. */
export async function readLog(path: string): Promise<LogEntry[]> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null)
  if (file === null) return []
  try {
    const found = await file.stat()
    if (!found.isFile()) return []
    const from = Math.max(0, found.size - limit.reflogBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(found.size - from), 0, found.size - from, from)
    return buffer.toString('utf8', 0, bytesRead).split('\n').flatMap(entryOf)
  } finally {
    await file.close()
  }
}

// `BEFORE AFTER NAME <EMAIL> TIME ZONE\tMESSAGE`
function entryOf(line: string): LogEntry[] {
  const [, before = '', after = '', message = ''] =
    /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [^\t]*(?:\t(.*))?$/.exec(line) ?? []
  return after === '' ? [] : [{ before, after, message }]
}
