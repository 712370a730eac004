import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** A file of dated lines that never grows much beyond twice its limit: the older half lies beside it as `.1`. */
export interface Log {
  /** A line that cannot be written is dropped: nobody is there to be told, and a full disk must stop nothing. */
  write: (line: string) => void
}

/** Opens a log, which is made with its first line. */
export function openLog(path: string, bytesMax: number): Log {
  return {
    write: (line) => {
      try {
        append(path, bytesMax, `${new Date().toISOString()} ${oneLine(line)}\n`)
      } catch {
        return
      }
    },
  }
}

function append(path: string, bytesMax: number, line: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= bytesMax) renameSync(path, `${path}.1`)
  appendFileSync(path, line, { mode: 0o600 })
}

function oneLine(line: string): string {
  return line.replace(/\p{Cc}/gu, ' ').slice(0, lineCharacters)
}

const lineCharacters = 4000
