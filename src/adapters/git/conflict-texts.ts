import type { Atom, ByteString, Oid } from '../../core/merge/change.ts'
import type { Conflict } from '../../core/merge/conflict.ts'
import { type MergePart, mergeAdded, mergeTexts } from '../../core/merge/merge-text.ts'
import { readBlobs } from './blob.ts'
import type { Own } from './own.ts'
import { textAtoms } from './text-atoms.ts'

/** A conflict between two texts; null is the base of one that both sides added. */
interface TextSides {
  readonly conflict: Conflict
  readonly base: Oid | null
  readonly ours: Oid
  readonly theirs: Oid
}

/** The texts in conflict, each merged line by line; what is no text on every side is left out. All by two processes at most. */
export async function mergedTexts(
  own: Own,
  conflicts: readonly Conflict[],
): Promise<Map<Conflict, MergePart[]>> {
  const texts = conflicts.flatMap(sidesOf)
  if (texts.length === 0) return new Map()
  const pairs = texts.flatMap(({ base, ours, theirs }) =>
    base === null ? [[ours, theirs] as const] : [[base, ours] as const, [base, theirs] as const],
  )
  const [atoms, blobs] = await Promise.all([
    textAtoms(own, pairs),
    readBlobs(
      own,
      texts.map(({ base, ours }) => base ?? ours),
    ),
  ])
  const merged = texts.flatMap((text): [Conflict, MergePart[]][] => {
    const parts = partsOf(text, blobs.get(text.base ?? text.ours) ?? '', atoms)
    return parts === null ? [] : [[text.conflict, parts]]
  })
  return new Map(merged)
}

function sidesOf(conflict: Conflict): TextSides[] {
  const { kind, base, ours, theirs } = conflict
  if (ours === null || theirs === null || (kind !== 'content' && kind !== 'add/add')) return []
  if ((base === null) !== (kind === 'add/add')) return []
  const isFile = [base ?? ours, ours, theirs].every(({ mode }) => mode.startsWith('100'))
  return isFile ? [{ conflict, base: base?.oid ?? null, ours: ours.oid, theirs: theirs.oid }] : []
}

function partsOf(
  { base, ours, theirs }: TextSides,
  text: ByteString,
  atoms: (from: Oid, to: Oid) => readonly Atom[] | null,
): MergePart[] | null {
  if (base === null) {
    const made = atoms(ours, theirs)
    return made === null ? null : mergeAdded(text, made)
  }
  const [mine, other] = [atoms(base, ours), atoms(base, theirs)]
  return mine === null || other === null ? null : mergeTexts(text, mine, other)
}
