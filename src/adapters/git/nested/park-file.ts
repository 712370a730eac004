import { constants, copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { TreePath } from '../../../core/merge/change.ts'
import { bytesOfPath } from '../../../core/merge/path.ts'
import { linkParents } from '../worktree/link-parents.ts'
import { syncPath } from '../command/sync-path.ts'
import { diskPath, statAt } from '../worktree/work-file.ts'

/** Moves a regular file out of a worktree to a place of Kage's own; false where there is no such file any more. */
export async function parkFile(workTree: string, path: TreePath, place: string): Promise<boolean> {
  const bytes = bytesOfPath(path)
  const links = await linkParents(workTree, [bytes])
  if (links.size > 0 || statAt(workTree, bytes)?.isFile() !== true) return false
  await mkdir(dirname(place), { recursive: true, mode: 0o700 })
  const source = diskPath(workTree, bytes)
  await rename(source, place).catch((thrown: unknown) => {
    if ((thrown as NodeJS.ErrnoException).code !== 'EXDEV') throw thrown
    return moveAcross(source, place)
  })
  return true
}

async function moveAcross(source: Buffer, place: string): Promise<void> {
  const partial = `${place}.partial`
  await copyFile(source, partial, constants.COPYFILE_FICLONE)
  await syncPath(partial)
  await rename(partial, place)
  await rm(source)
}
