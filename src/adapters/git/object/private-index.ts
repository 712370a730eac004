import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ByteString, Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'
import { readIndex } from './index-file.ts'
import type { ObjectFormat } from '../command/object.ts'
import { readRegular } from '../command/regular-file.ts'

/** Fills the index of `place` from the one of a worktree, so that unchanged files need no reading; returns the paths a merge left undecided there. */
export async function copyIndex(
  place: GitPlace & { readonly index: string },
  gitDir: string,
  base: Oid,
  format: ObjectFormat,
): Promise<readonly ByteString[]> {
  const found = await readRegular(join(gitDir, 'index'))
  const copy = found === null ? null : readIndex(found.bytes, format)
  if (found === null || copy === null) {
    await git(place, ['read-tree', base])
    return []
  }
  await writeFile(place.index, copy.bytes, { mode: 0o600 })
  const modifiedS = justBefore(found.modifiedNs)
  await utimes(place.index, modifiedS, modifiedS)
  if (copy.split) await joinSplit({ gitDir, index: place.index })
  return copy.unmerged
}

// git takes a file that is as new as the index for one that may have changed since: the copy must not look newer than
// the original, whose time a double cannot hold exactly, hence the microseconds off.
function justBefore(timeNs: bigint): number {
  return Number(timeNs / 1000n - 2n) / 1e6
}

// Only beside its worktree's own git directory does a split index find its other half; writing it joins them.
async function joinSplit(place: GitPlace): Promise<void> {
  await git(place, ['update-index', '--force-write-index', '--no-split-index'])
}
