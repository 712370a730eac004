import { join } from 'node:path'
import type { ByteString, Oid, TreePath } from '../../../core/merge/change.ts'
import { bytesOfPath, pathOfBytes } from '../../../core/merge/path.ts'
import { git } from '../command/git.ts'
import type { Own } from '../repository/own.ts'
import { findNested, nestedAt } from './find.ts'
import type { NestedRepository } from './find.ts'
import { bundleNested } from './park.ts'
import { holdsWork } from './unique.ts'

export interface NestedSearch {
  readonly workTree: string
  readonly base: Oid
  /** A tree of that worktree as it is now. */
  readonly tree: Oid
  /** Nested repositories that are known already; the tree cannot name those without a commit. */
  readonly nested: readonly TreePath[]
}

/** The nested repositories of a worktree that may hold work stored nowhere else, by path. */
export async function nestedWork(own: Own, search: NestedSearch): Promise<TreePath[]> {
  const { workTree, base, tree } = search
  const found = await findNested(own.place, workTree, tree, search.nested.map(bytesOfPath))
  const recorded = found.length === 0 ? new Map<ByteString, Oid>() : await submodulesOf(own, base)
  const holding = await Promise.all(
    found.map((nested) => holdsWork(temporaryOf(own), nested, recorded.get(nested.path) ?? null)),
  )
  return [...new Set(found.filter((_, index) => holding[index]).map(({ path }) => pathOfBytes(path)))]
}

/**
 * Parks nested repositories as bundles and answers with the file of each, also of those inside them; `fileOf` gives a free
 * file for a path. Fails where one cannot be stored whole.
 */
export async function parkNested(
  own: Own,
  workTree: string,
  paths: readonly TreePath[],
  fileOf: (path: TreePath) => string,
): Promise<{ readonly path: TreePath; readonly place: string }[]> {
  const parked: { path: TreePath; place: string }[] = []
  const waiting: { nested: NestedRepository; path: TreePath }[] = []
  const directories = paths.map((path) => ({ path: bytesOfPath(path), recorded: null }))
  for (const nested of await nestedAt(workTree, directories))
    waiting.push({ nested, path: pathOfBytes(nested.path) })
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const place = fileOf(next.path)
    const inside = await bundleNested(temporaryOf(own), next.nested, place)
    parked.push({ path: next.path, place })
    for (const nested of inside) waiting.push({ nested, path: `${next.path}/${pathOfBytes(nested.path)}` })
  }
  return parked
}

async function submodulesOf(own: Own, base: Oid): Promise<Map<ByteString, Oid>> {
  const { stdout } = await git(own.place, ['ls-tree', '-r', '-z', '--full-tree', base])
  const lines = stdout.toString('latin1').split('\0')
  return new Map(
    lines.flatMap((line) => {
      const [, oid = '', path = ''] = /^160000 commit ([0-9a-f]+)\t(.*)$/s.exec(line) ?? []
      return oid === '' ? [] : [[path, oid] as const]
    }),
  )
}

function temporaryOf(own: Own): string {
  return join(own.directory, 'temporary')
}
