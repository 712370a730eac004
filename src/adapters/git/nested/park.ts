import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { git } from '../command/git.ts'
import { syncPath } from '../command/sync-path.ts'
import type { NestedRepository } from './find.ts'
import { withNestedCopy } from './copy.ts'
import type { NestedCopy } from './copy.ts'

/**
 * Stores everything a nested repository holds as a git bundle: its refs under their own names, HEAD and the entries of its
 * stash, and the files of its worktree as the branch `kage-worktree`. Ignored files are not stored. The repositories inside
 * it are answered: they are not in the bundle.
 */
export async function bundleNested(
  temporary: string,
  nested: NestedRepository,
  file: string,
): Promise<readonly NestedRepository[]> {
  return withNestedCopy(temporary, nested, async (copy) => {
    await copyRefs(copy)
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const partial = `${file}.partial`
    try {
      await git(copy.place, ['bundle', 'create', '--quiet', partial, '--all'])
      await syncPath(partial)
      await rename(partial, file)
      await syncPath(dirname(file))
    } finally {
      await rm(partial, { force: true })
    }
    return copy.nested
  })
}

async function copyRefs({ place, refs, commit }: NestedCopy): Promise<void> {
  const head = refs.head === null ? [] : [{ name: 'refs/kage/parked/HEAD', oid: refs.head }]
  const stash = refs.stash.map((oid, index) => ({ name: `refs/kage/parked/stash/${index}`, oid }))
  const all = [
    ...refs.refs.filter(({ name }) => name !== 'refs/stash' && name !== 'refs/heads/kage-worktree'),
    ...head,
    ...stash,
    { name: 'refs/heads/kage-worktree', oid: commit },
  ]
  const input = all.map(({ name, oid }) => `create ${name}\0${oid}\0`).join('')
  await git(place, ['update-ref', '-z', '--stdin'], { input: Buffer.from(input, 'latin1') })
}
