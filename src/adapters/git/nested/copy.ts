// A nested repository belongs to the agent, so nothing that its configuration names may run. It is read through an empty
// repository of Kage's own that borrows its objects: refs are copied there, and the files become a tree there.
import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { limit } from '../../../core/limit.ts'
import type { ByteString, Oid } from '../../../core/merge/change.ts'
import { alternatesOf } from '../repository/alternates.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'
import { treeOfIndex } from '../worktree/index-tree.ts'
import { syntheticCommit } from '../command/object.ts'
import type { ObjectFormat } from '../command/object.ts'
import { configText } from '../repository/own.ts'
import { copyIndex } from '../object/private-index.ts'
import { readRegularText } from '../command/regular-file.ts'
import { stage } from '../worktree/stage.ts'
import { findNested } from './find.ts'
import type { NestedRepository } from './find.ts'
import { refsOf } from './refs.ts'
import type { NestedRefs } from './refs.ts'

/** A nested repository as seen through a temporary repository of Kage's own. */
export interface NestedCopy {
  readonly place: GitPlace
  readonly objectFormat: ObjectFormat
  readonly refs: NestedRefs
  /** The tree of its files. */
  readonly tree: Oid
  /** A commit of that tree on top of its HEAD. */
  readonly commit: Oid
  /** Repositories inside it. */
  readonly nested: readonly NestedRepository[]
}

/** Opens a nested repository in a temporary directory below `temporary`, uses it, and removes the directory. */
export async function withNestedCopy<T>(
  temporary: string,
  nested: NestedRepository,
  use: (copy: NestedCopy) => Promise<T>,
): Promise<T> {
  const directory = join(temporary, `nested-${randomUUID()}`)
  try {
    return await use(await copyOf(directory, nested))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function copyOf(directory: string, nested: NestedRepository): Promise<NestedCopy> {
  const refs = await refsOf(nested)
  const objectFormat = refs.objectFormat
  await makeRepository(directory, objectFormat, refs.commonDir)
  const index = join(directory, 'index')
  const place: GitPlace = {
    gitDir: directory,
    workTree: nested.workTree,
    index,
    settings: ['core.safecrlf=false'],
    timeoutMs: limit.parkMs,
  }
  const unmerged = await fillIndex({ ...place, index }, refs, nested.gitDir)
  const { unborn } = await stage(place, { temporary: directory, also: unmerged })
  const tree = await treeOfIndex(place, directory, true)
  const parents = refs.head === null ? [] : [refs.head]
  const { content } = syntheticCommit(tree, parents)
  const hashed = await git(place, ['hash-object', '-t', 'commit', '-w', '--stdin'], { input: content })
  return {
    place,
    objectFormat,
    refs,
    tree,
    commit: hashed.stdout.toString('latin1').trim(),
    nested: await findNested(place, nested.workTree, tree, unborn),
  }
}

async function fillIndex(
  place: GitPlace & { readonly index: string },
  { head, objectFormat }: NestedRefs,
  gitDir: string,
): Promise<readonly ByteString[]> {
  if (head !== null) return copyIndex(place, gitDir, head, objectFormat)
  await git(place, ['read-tree', '--empty'])
  return []
}

async function makeRepository(directory: string, format: ObjectFormat, commonDir: string): Promise<void> {
  for (const name of ['refs', 'objects/info', 'info'])
    await mkdir(join(directory, name), { recursive: true, mode: 0o700 })
  await writeFile(join(directory, 'HEAD'), 'ref: refs/heads/none\n')
  await writeFile(join(directory, 'config'), configText(format, false))
  await writeFile(join(directory, 'objects', 'info', 'alternates'), await alternatesOf(commonDir))
  const exclude = await readRegularText(join(commonDir, 'info', 'exclude'), 'latin1')
  await writeFile(join(directory, 'info', 'exclude'), exclude, 'latin1')
}
