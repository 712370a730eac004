import { hash } from 'node:crypto'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Spool } from './spool.ts'

/** Notes in a spool that a command's text is about to be typed into the pane; false if it was noted before. */
export async function beginOnce({ launch }: Pick<Spool, 'launch'>, command: string): Promise<boolean> {
  const path = join(launch, 'typed')
  const key = hash('sha256', command).slice(0, 24)
  const noted = await readFile(path, 'utf8').catch(() => '')
  if (noted.split('\n').includes(key)) return false
  await appendFile(path, `${key}\n`, { mode: 0o600 })
  return true
}
