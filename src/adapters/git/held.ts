// A target may hold a piece already among changes of its own. By git's merge both sides then changed the same lines, and
// where it pairs the lines of a text otherwise with all changes than with one of them, it makes a conflict of what is equal.
import type { ByteString, Conflict, Entry, Oid } from '../../core/merge/change.ts'
import { isSameAtom } from '../../core/merge/atom.ts'
import { diffOptions, diffPlace } from './diff.ts'
import { git } from './git.ts'
import { objectWriter } from './object-store.ts'
import type { Own } from './own.ts'
import { parsePatches } from './patch.ts'
import { treeObject } from './tree.ts'

/** A text in conflict, all sides of which are there. */
interface TextConflict {
  readonly conflict: Conflict
  readonly base: Entry
  readonly ours: Entry
  readonly theirs: Entry
}

/** Those of some conflicts in which each change that theirs makes of the text is one that ours makes, too; all told by one process. */
export async function heldConflicts(own: Own, conflicts: readonly Conflict[]): Promise<Set<Conflict>> {
  const texts = conflicts.flatMap(textOf)
  if (texts.length === 0) return new Set()
  const [ours, theirs] = parsePatches(await comparison(own, texts))
  const held = texts.filter((text) => {
    const made = ours?.texts.get(`${text.base.oid}..${text.ours.oid}`)
    const wanted = theirs?.texts.get(`${text.base.oid}..${text.theirs.oid}`)
    return wanted?.every((atom) => made?.some((other) => isSameAtom(atom, other)) === true) === true
  })
  return new Set(held.map(({ conflict }) => conflict))
}

function textOf(conflict: Conflict): TextConflict[] {
  const { kind, base, ours, theirs } = conflict
  if (kind !== 'content' || base === null || ours === null || theirs === null) return []
  const isFile = [base, ours].every(({ mode }) => mode.startsWith('100'))
  return isFile && theirs.mode === base.mode ? [{ conflict, base, ours, theirs }] : []
}

/** How both sides of texts differ from their bases, as trees with a file for each text. */
async function comparison(own: Own, texts: readonly TextConflict[]): Promise<Buffer> {
  const writer = objectWriter(own)
  const [base = '', ours = '', theirs = ''] = (['base', 'ours', 'theirs'] as const).map((side) =>
    writer.add(
      treeObject(new Map(texts.map((text, at): [ByteString, Entry] => [String(at), plain(text[side].oid)]))),
    ),
  )
  await writer.flush()
  const args = ['diff-tree', '--stdin', '-r', '-z', '--raw', '-p', '-U0', ...diffOptions]
  const input = `${base} ${ours}\n${base} ${theirs}\n`
  const { stdout } = await git(diffPlace(own), args, { input, env: { GIT_ATTR_NOSYSTEM: '1' } })
  return stdout
}

function plain(oid: Oid): Entry {
  return { mode: '100644', oid }
}
