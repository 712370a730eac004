import type { Oid } from '../../../core/merge/change.ts'
import { mayBeEncoding, withUnconvertible } from './encodings.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'

/** Writes the tree of a place's index; `missing`: objects that it names may be absent on purpose. */
export async function treeOfIndex(place: GitPlace, temporary: string, missing: boolean): Promise<Oid> {
  const write = async (from: GitPlace): Promise<Oid> => {
    const { stdout } = await git(from, ['write-tree', ...(missing ? ['--missing-ok'] : [])])
    return stdout.toString('latin1').trim()
  }
  try {
    return await write(place)
  } catch (thrown) {
    // git reads files again that are as new as its index.
    const tree = mayBeEncoding(thrown) ? await withUnconvertible(place, temporary, write) : null
    if (tree === null) throw thrown
    return tree
  }
}
