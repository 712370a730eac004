import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { format } from 'node:util'
import { directories } from '../core/directory.ts'
import { limit } from '../core/limit.ts'

/** Writes a dated line to the host's log below the state directory; what cannot be written is dropped. */
export function writeLog(...words: readonly unknown[]): void {
  try {
    const { state } = directories(process.env, { home: homedir(), uid: process.getuid?.() ?? 0 })
    const path = join(state, 'nvim.log')
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= limit.logBytes)
      renameSync(path, `${path}.1`)
    appendFileSync(path, `${new Date().toISOString()} ${process.pid} ${oneLine(words)}\n`, { mode: 0o600 })
  } catch {
    return
  }
}

function oneLine(words: readonly unknown[]): string {
  return format(...words)
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, 4000)
}
