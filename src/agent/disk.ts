import { KageError } from '../core/error.ts'

/** Writes something of the agent's own; a full disk fails with KAGE_DISK_LOW. */
export function onDisk<T>(write: () => T): T {
  try {
    return write()
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw thrown
    throw new KageError('KAGE_DISK_LOW', 'The disk is full: what the agent does cannot be written down.')
  }
}
