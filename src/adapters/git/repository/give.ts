import { limit } from '../../../core/limit.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { Own } from './own.ts'
import type { Repository } from './repository.ts'

/** Copies a snapshot's commit into the person's repository, where a branch can then start from it; adds objects and nothing else. */
export async function giveCommit(own: Own, repository: Repository, commit: Oid): Promise<void> {
  const input = `${commit}\n^${commit}^\n`
  const { stdout } = await git(own.place, ['pack-objects', '--revs', '--stdout', '--quiet'], { input })
  // Few objects become loose, so that the person's repository does not fill with small packs.
  const isSmall = stdout.readUInt32BE(8) < limit.unpackedObjects && stdout.length < limit.unpackedBytes
  await git(repository.place, isSmall ? ['unpack-objects', '-q'] : ['index-pack', '--stdin'], {
    input: stdout,
  })
}
