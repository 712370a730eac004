import type { Oid } from '../../core/merge/change.ts'
import { git } from './git.ts'
import type { Own } from './own.ts'

/** The tree of a commit that Kage's own repository can read. */
export async function commitTree(own: Own, commit: Oid): Promise<Oid> {
  const { stdout } = await git(own.place, ['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`])
  return stdout.toString('latin1').trim()
}
