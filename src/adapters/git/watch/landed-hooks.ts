import type { Baseline, WatchedPart } from '../../../core/alarm.ts'
import type { Landing } from '../../../core/event.ts'
import type { Oid, TreePath } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { Own } from '../repository/own.ts'
import { hookPart } from './part.ts'

/**
 * Marks each hook of the worktree that is exactly as a landing of Kage, or the undo of one, left it: the person asked for
 * that content, so that it is what the hook has to be. Costs processes only where a landing wrote a hook.
 */
export async function withLandedHooks(
  own: Own,
  parts: readonly WatchedPart[],
  baseline: Baseline,
  landings: readonly Landing[],
): Promise<readonly WatchedPart[]> {
  const hooks = new Map(parts.filter(({ kind }) => kind === 'hook').map((part) => [part.subject, part]))
  const before = Object.entries(baseline.texts).filter(([, { kind }]) => kind === 'hook')
  const subjects = new Set([...hooks.keys(), ...before.map(([subject]) => subject)])
  const marked = new Map<string, WatchedPart>()
  for (const { paths, tree, from } of landings)
    for (const path of paths.filter((each) => subjects.has(each) && !marked.has(each)))
      for (const at of from === undefined ? [tree] : [tree, from]) {
        const landed = await partIn(own, at, path, hooks.get(path))
        const now = hooks.get(path) ?? absent(path)
        if (landed.hash === now.hash) marked.set(path, { ...now, wanted: landed })
      }
  return [...parts.filter(({ subject }) => !marked.has(subject)), ...marked.values()]
}

/** What a tree holds at a path, with the mode of the file that is there now where both or neither can be executed. */
async function partIn(
  own: Own,
  tree: Oid,
  path: TreePath,
  now: WatchedPart | undefined,
): Promise<WatchedPart> {
  const listed = await git(own.place, ['ls-tree', '-z', tree, '--', path], { okCodes: [0, 128] })
  const [, mode = '', oid = ''] = /^(\d{6}) blob ([0-9a-f]+)\t/.exec(listed.stdout.toString('latin1')) ?? []
  if (oid === '') return absent(path)
  const { stdout } = await git(own.place, ['cat-file', 'blob', oid])
  const [, bits = mode.slice(3)] = /^mode ([0-7]+)\n/.exec(now?.text ?? '') ?? []
  const isSame = ((Number.parseInt(bits, 8) & 0o111) !== 0) === (mode === '100755')
  return hookPart(path, isSame ? bits : mode.slice(3), stdout)
}

function absent(subject: string): WatchedPart {
  return { kind: 'hook', subject, hash: '', text: '' }
}
