import { realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { KageError } from '../core/error.ts'
import type { TreePath } from '../core/merge/change.ts'
import { showPath } from '../core/merge/path-name.ts'
import { bytesOfPath } from '../core/merge/path.ts'
import type { Context } from './context.ts'

type WithEditor = Pick<Context, 'editor'>

/** Refuses while a buffer on one of a worktree's paths has changes that are not written. */
export async function refuseUnsaved(
  { editor }: WithEditor,
  worktree: string,
  paths: readonly TreePath[],
): Promise<void> {
  const files = await unsavedFiles({ editor })
  const root = await realpath(worktree).catch(() => worktree)
  const open = paths.filter((path) => files.includes(join(root, path)))
  if (open.length === 0) return
  const names = open.map(showPath).join(', ')
  throw new KageError('KAGE_BUFFER_UNSAVED', `There are unsaved changes in ${names}.`)
}

/** The real paths of the files whose buffers have changes that are not written. */
export async function unsavedFiles({ editor }: WithEditor): Promise<string[]> {
  const unsaved = ((await editor.ask('buffer', 'unsaved')) ?? []) as readonly { file: string }[]
  return Promise.all(unsaved.map(({ file }) => placeOfFile(file)))
}

/** Has Neovim read again what was written in a worktree, where a buffer has no changes of its own. */
export function refreshBuffers({ editor }: WithEditor, worktree: string, paths: readonly TreePath[]): void {
  const bytes = paths.map((path) => Buffer.from(bytesOfPath(path), 'latin1'))
  editor.tell('buffer', 'refresh', worktree, bytes)
}

async function placeOfFile(file: string): Promise<string> {
  const whole = await realpath(file).catch(() => null)
  if (whole !== null) return whole
  return join(await realpath(dirname(file)).catch(() => dirname(file)), basename(file))
}
