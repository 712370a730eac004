import { statfsSync } from 'node:fs'
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'

/** How many bytes a user may still write on the disk of a directory. */
export function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory)
  return bavail * bsize
}

/** Refuses new work with KAGE_DISK_LOW while the disk of a directory has less room than the limit. */
export function requireFreeBytes(directory: string, bytesMin: number = limit.diskFreeBytes): void {
  const bytes = freeBytes(directory)
  if (bytes >= bytesMin) return
  throw new KageError(
    'KAGE_DISK_LOW',
    `Only ${megabytes(bytes)} are free on the disk of ${directory}; Kage needs ${megabytes(bytesMin)}.`,
  )
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1_048_576)} MiB`
}
