import { join } from 'node:path'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import { type Own, writeShallow } from '../repository/own.ts'
import type { Repository } from '../repository/repository.ts'

/**
 * Copies the base of a run, its commit and its whole tree, into Kage's own repository: where no ref of the person's holds
 * it, their next `git gc` may take it. A base that was copied before is not copied again.
 */
export async function copyBase(own: Own, repository: Repository, run: string, base: Oid): Promise<void> {
  const ref = `refs/kage/bases/${run}`
  const found = await git(own.place, ['for-each-ref', '--format=%(objectname)', ref])
  if (found.stdout.toString('latin1').trim() === base) return
  const { stdout } = await git(own.place, ['rev-list', '--objects', '--no-object-names', `${base}^{tree}`])
  const pack = join(own.directory, 'objects', 'pack', 'pack')
  const options = ['--quiet', ...(own.partial ? ['--missing=allow-any'] : [])]
  await git(own.place, ['pack-objects', ...options, pack], { input: `${base}\n${stdout.toString('latin1')}` })
  await writeShallow(own.directory, repository, [base])
  await git(own.place, ['update-ref', ref, base])
}
