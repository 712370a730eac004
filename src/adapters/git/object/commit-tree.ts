import { KageError } from '../../../core/error.ts'
import { limit } from '../../../core/limit.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { createMemo } from '../command/memo.ts'
import { readObjects } from './object-reader.ts'
import type { Own } from '../repository/own.ts'

const known = createMemo<Oid>(limit.treesKept)

/** The tree of a commit or tree that Kage's own repository can read. */
export function commitTree(own: Own, commit: Oid): Promise<Oid> {
  return known(`${own.directory} ${commit}`, async () => {
    const [found] = await readObjects(own, [`${commit}^{tree}`], 'info')
    if (found?.type === 'tree') return found.oid
    throw new KageError('KAGE_GIT_FAILED', `${commit} is no commit that can be read.`)
  })
}
