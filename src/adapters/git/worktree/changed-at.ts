import { lstat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { bytesOfPath } from '../../../core/merge/path.ts'
import type { TreePath } from '../../../core/merge/change.ts'

/**
 * When paths of a worktree changed last, in milliseconds: the time that the kernel keeps and that no program sets. Of a
 * path that is gone it is the time of the nearest directory that is still there.
 */
export async function changedAt(workTree: string, paths: readonly TreePath[]): Promise<number[]> {
  const times = await Promise.all(paths.map((path) => timeOf(workTree, path)))
  return times.flatMap((time) => time ?? [])
}

async function timeOf(workTree: string, path: string): Promise<number | null> {
  const whole = Buffer.concat([Buffer.from(`${workTree}/`), Buffer.from(bytesOfPath(path), 'latin1')])
  const found = await lstat(whole).catch(() => null)
  if (found !== null) return found.ctimeMs
  if (path === '.') return null
  return timeOf(workTree, dirname(path))
}
