import { hash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { KageError } from '../../core/error.ts'
import type { Spool } from './spool.ts'

/**
 * Notes in a spool that a command's text is about to be typed into the pane; false if it was noted before. An agent of 0.1.0
 * can write to that directory, so anything but a plain file there fails with KAGE_DIRECTORY.
 */
export async function beginOnce({ launch }: Pick<Spool, 'launch'>, command: string): Promise<boolean> {
  const path = join(launch, 'typed')
  const key = hash('sha256', command).slice(0, 24)
  const file = await openPlain(path)
  try {
    const noted = await file.readFile('utf8')
    if (noted.split('\n').includes(key)) return false
    await file.appendFile(`${key}\n`)
    return true
  } finally {
    await file.close()
  }
}

async function openPlain(path: string): Promise<FileHandle> {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants
  const file = await open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK, 0o600).catch(
    () => null,
  )
  if (file !== null && (await file.stat()).isFile()) return file
  await file?.close()
  throw new KageError('KAGE_DIRECTORY', `${path} is not a file of Kage's own.`)
}
