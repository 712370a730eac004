import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { limit } from '../../core/limit.ts'
import { terminalLines } from '../../core/text/terminal-text.ts'
import { outputFile, type Spool } from './spool.ts'

/** The launcher's line after the last of the program. */
const endLine = '── kage: '

/**
 * The last lines that an ended agent's pane showed, without those of the launcher; empty where nothing was recorded. tmux
 * writes the record a little later than the launcher its exit file, so this waits for the launcher's line for a moment.
 */
export async function lastOutput(spool: Pick<Spool, 'launch'>): Promise<string> {
  const deadline = performance.now() + limit.outputFlushMs
  for (;;) {
    const text = await tailOf(outputFile(spool)).catch(() => null)
    const end = text?.lastIndexOf(endLine) ?? -1
    if (text === null) return ''
    if (end !== -1) return lastLines(text.slice(0, end))
    if (performance.now() > deadline) return lastLines(text)
    await pause(limit.outputFlushMs / 25)
  }
}

function lastLines(text: string): string {
  const lines = terminalLines(text).slice(-limit.reasonLines)
  return lines.map((line) => line.slice(0, limit.reasonLineCharacters)).join(' / ')
}

/** The end of a plain file as text; a first character that is cut in two is replaced. */
async function tailOf(path: string): Promise<string | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  try {
    const stats = await file.stat()
    if (!stats.isFile()) return null
    const length = Math.min(stats.size, limit.outputTailBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, stats.size - length)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
