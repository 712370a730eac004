import { join } from 'node:path'
import { expect } from 'vitest'
import { byteSettings } from '../../src/adapters/git/repository/byte-settings.ts'
import type { ByteSettings } from '../../src/adapters/git/repository/byte-settings.ts'
import { openOwn } from '../../src/adapters/git/repository/own.ts'
import type { Own } from '../../src/adapters/git/repository/own.ts'
import { openRepository } from '../../src/adapters/git/repository/repository.ts'
import type { Repository } from '../../src/adapters/git/repository/repository.ts'
import { snapshot } from '../../src/adapters/git/worktree/snapshot.ts'
import type { Snapshot } from '../../src/adapters/git/worktree/snapshot.ts'
import { gitIn, headOf } from './git-repository.ts'
import { temporaryDirectory } from './temporary.ts'

/** A repository of a person's, opened, with Kage's own beside it. */
export interface Opened {
  readonly root: string
  readonly head: string
  readonly repository: Repository
  readonly own: Own
  readonly settings: ByteSettings
}

/** Opens the repository at a directory and makes Kage's own for it in a temporary directory. */
export async function openBoth(root: string): Promise<Opened> {
  const repository = await openRepository(root)
  const own = await openOwn(repository, join(temporaryDirectory(), 'own', repository.key))
  return { root, head: headOf(root), repository, own, settings: await byteSettings(repository) }
}

/** A snapshot of the opened worktree against its commit at opening. */
export async function snapshotOf(opened: Opened, name = 'test'): Promise<Snapshot> {
  const { own, repository, settings, head } = opened
  const { root: workTree, gitDir } = repository
  return await snapshot(own, { workTree, gitDir, base: head, settings, name })
}

/** Expects a snapshot to have the very tree that plain `git add --all` makes of the worktree (which this does, in the person's index). */
export async function expectPlainTree(opened: Opened): Promise<void> {
  const { tree } = await snapshotOf(opened)
  gitIn(opened.root, ['add', '--all', '--sparse'])
  const plain = gitIn(opened.root, ['write-tree']).trim()
  expect(treeLines(opened, tree)).toEqual(
    gitIn(opened.root, ['ls-tree', '-r', plain]).split('\n').filter(Boolean),
  )
  expect(tree).toBe(plain)
}

/** Expects a file of a snapshot to hold this text. */
export async function expectText(opened: Opened, path: string, text: string): Promise<void> {
  const { tree } = await snapshotOf(opened)
  expect(gitIn(opened.own.directory, ['cat-file', 'blob', `${tree}:${path}`])).toBe(text)
}

/** What a tree in Kage's own repository holds, as git lists it. */
export function treeLines(opened: Opened, tree: string): string[] {
  return gitIn(opened.own.directory, ['ls-tree', '-r', tree])
    .split('\n')
    .filter((line) => line !== '')
}

/** The paths of a tree in Kage's own repository. */
export function treePaths(opened: Opened, tree: string): string[] {
  return treeLines(opened, tree).map((line) => line.slice(line.indexOf('\t') + 1))
}
