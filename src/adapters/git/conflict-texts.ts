import type { Atom, AtomDecision, ByteString, Decision, Oid } from '../../core/merge/change.ts'
import type { Conflict } from '../../core/merge/conflict.ts'
import {
  conflictsIn,
  type MergePart,
  mergeAdded,
  mergeDecided,
  mergeTexts,
  textOfParts,
} from '../../core/merge/merge-text.ts'
import { reversedAtoms } from '../../core/merge/reverse.ts'
import { readBlobs } from './blob.ts'
import { objectWriter } from './object-store.ts'
import type { Own } from './own.ts'
import { textAtoms } from './text-atoms.ts'

/** What was decided when the base of a merge was composed, and what when theirs was. */
export interface Decided {
  readonly before: readonly Decision[]
  readonly after: readonly Decision[]
}

/** A conflict between two texts; null is the base of one that both sides added. */
interface TextSides {
  readonly conflict: Conflict
  readonly base: Oid | null
  readonly ours: Oid
  readonly theirs: Oid
  readonly decided: DecidedText | null
}

/** What was decided of a text, as atoms of the run's base. */
interface DecidedText {
  readonly root: Oid
  readonly before: readonly Atom[]
  readonly after: readonly Atom[]
}

/** The texts in conflict, each merged line by line; what is no text on every side is left out. All by two processes at most. */
export async function mergedTexts(
  own: Own,
  conflicts: readonly { readonly conflict: Conflict; readonly decided: Decided | undefined }[],
): Promise<Map<Conflict, MergePart[]>> {
  const texts = conflicts.flatMap(({ conflict, decided }) => sidesOf(conflict, decided))
  if (texts.length === 0) return new Map()
  const pairs = texts.flatMap(({ base, ours, theirs, decided }): (readonly [Oid, Oid])[] => [
    ...(base === null ? [[ours, theirs] as const] : [[base, ours] as const, [base, theirs] as const]),
    ...(decided === null ? [] : [[decided.root, ours] as const]),
  ])
  const [atoms, blobs] = await Promise.all([
    textAtoms(own, pairs),
    readBlobs(
      own,
      texts.flatMap(({ base, ours, decided }) => [base ?? ours, ours, decided?.root ?? ours]),
    ),
  ])
  const read = (oid: Oid): ByteString => blobs.get(oid) ?? ''
  const merged = new Map<Conflict, MergePart[]>()
  for (const text of texts) {
    const parts = partsOf(text, { read, atoms })
    if (parts !== null) merged.set(text.conflict, parts)
  }
  for (const [conflict, parts] of await mergedAnew(own, texts.filter(isOpen(merged)), { read, atoms }))
    merged.set(conflict, parts)
  return merged
}

interface Known {
  readonly read: (oid: Oid) => ByteString
  readonly atoms: (from: Oid, to: Oid) => readonly Atom[] | null
}

function isOpen(merged: ReadonlyMap<Conflict, MergePart[]>): (text: TextSides) => boolean {
  return ({ conflict, decided }) =>
    decided !== null && decided.before.length > 0 && conflictsIn(merged.get(conflict) ?? []).length > 0
}

/**
 * Merges texts as if nothing of what was decided had landed: what has is taken out of ours, and all of it goes in at once. Only
 * where ours is exactly what the first of it made of the rest, so that nothing comes back that was thrown away.
 */
async function mergedAnew(
  own: Own,
  texts: readonly TextSides[],
  { read, atoms }: Known,
): Promise<Map<Conflict, MergePart[]>> {
  const writer = objectWriter(own)
  const without = texts.flatMap(({ conflict, base, ours, decided }) => {
    const mine = base === null ? null : atoms(base, ours)
    if (base === null || decided === null || mine === null) return []
    const back = reversedAtoms(read(decided.root), decided.before)
    const rest = textOfParts(mergeTexts(read(base), mine, back), () => null)
    if (rest === null) return []
    const oid = writer.add({ type: 'blob', content: Buffer.from(rest, 'latin1') })
    return [{ conflict, ours, decided, oid }]
  })
  if (without.length === 0) return new Map()
  await writer.flush()
  const rests = await textAtoms(
    own,
    without.map(({ decided, oid }) => [decided.root, oid]),
  )
  return new Map(
    without.flatMap(({ conflict, ours, decided, oid }): [Conflict, MergePart[]][] => {
      const rest = rests(decided.root, oid)
      if (rest === null) return []
      const merge = (wanted: readonly Atom[]): MergePart[] => mergeTexts(read(decided.root), rest, wanted)
      const parts = merge(decided.after)
      const isOurs = textOfParts(merge(decided.before), () => null) === read(ours)
      return isOurs && conflictsIn(parts).length === 0 ? [[conflict, parts]] : []
    }),
  )
}

function sidesOf(conflict: Conflict, decided: Decided | undefined): TextSides[] {
  const { kind, base, ours, theirs } = conflict
  if (ours === null || theirs === null || (kind !== 'content' && kind !== 'add/add')) return []
  if ((base === null) !== (kind === 'add/add')) return []
  const isFile = [base ?? ours, ours, theirs].every(({ mode }) => mode.startsWith('100'))
  if (!isFile) return []
  const text = decided === undefined || base === null ? null : decidedText(conflict, decided)
  return [{ conflict, base: base?.oid ?? null, ours: ours.oid, theirs: theirs.oid, decided: text }]
}

/** What was decided of the file in conflict, found by its names or by the text that it starts from. */
function decidedText({ paths, base }: Conflict, { before, after }: Decided): DecidedText | null {
  const names = new Map([...before, ...after].flatMap((each) => namesOf(each)))
  const isThere = (each: Decision): each is AtomDecision =>
    each.kind === 'atom' &&
    (paths.includes(each.path) || paths.includes(names.get(each.path) ?? '') || each.base.oid === base?.oid)
  const [landed, wanted] = [before.filter(isThere), after.filter(isThere)]
  const roots = new Set([...landed, ...wanted].map((each) => `${each.base.oid} ${each.path}`))
  const root = wanted[0] ?? landed[0]
  if (root === undefined || roots.size > 1) return null
  return {
    root: root.base.oid,
    before: landed.map(({ atom }) => atom),
    after: wanted.map(({ atom }) => atom),
  }
}

function namesOf(decision: Decision): [string, string][] {
  return decision.kind === 'unit' && decision.to !== undefined ? [[decision.path, decision.to]] : []
}

function partsOf({ base, ours, theirs, decided }: TextSides, { read, atoms }: Known): MergePart[] | null {
  if (base === null) {
    const made = atoms(ours, theirs)
    return made === null ? null : mergeAdded(read(ours), made)
  }
  const [mine, other] = [atoms(base, ours), atoms(base, theirs)]
  const whole = mine === null || other === null ? null : mergeTexts(read(base), mine, other)
  const made = decided === null ? null : atoms(decided.root, ours)
  if (whole === null || decided === null || made === null || conflictsIn(whole).length === 0) return whole
  return mergeDecided(read(decided.root), made, decided)
}
