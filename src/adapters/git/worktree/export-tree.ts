import { mkdir, rm } from 'node:fs/promises'
import type { Oid } from '../../../core/merge/change.ts'
import type { ByteSettings } from '../repository/byte-settings.ts'
import { framePlace } from './frame.ts'
import { git } from '../command/git.ts'
import type { Own } from '../repository/own.ts'

/** Writes all files of a tree into a new directory, line ends and allowed filters as in a checkout; it is no repository. */
export async function exportTree(
  own: Own,
  settings: ByteSettings,
  { tree, directory }: { readonly tree: Oid; readonly directory: string },
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const index = `${directory}.index`
  const place = { ...(await framePlace(own, settings)), workTree: directory, index }
  try {
    await git(place, ['read-tree', tree])
    await git(place, ['checkout-index', '--all', '--force', '--quiet'])
  } finally {
    await rm(index, { force: true })
  }
}
