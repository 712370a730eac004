import type { Atom, AtomDecision, ByteString, Decision, Oid, TreePath } from '../../../core/merge/change.ts'
import type { Conflict } from '../../../core/merge/conflict.ts'
import { decidedFacet, isMixable } from '../../../core/merge/facet.ts'
import {
  conflictsIn,
  type MergePart,
  mergeAdded,
  mergeAtOnce,
  mergeDecided,
  mergeTexts,
} from '../../../core/merge/merge-text.ts'
import { splice } from '../../../core/merge/splice.ts'
import { readBlobs } from '../object/blob.ts'
import { mergeOptions } from '../diff/diff.ts'
import { entriesAt } from '../object/entries.ts'
import type { Own } from '../repository/own.ts'
import { textAtoms } from '../diff/text-atoms.ts'

/** What was decided when the base of a merge was composed, and what when theirs was. */
export interface Decided {
  readonly before: readonly Decision[]
  readonly after: readonly Decision[]
  /** The target before the first of it landed; null where nothing has, none where it is not known. */
  readonly target?: LandedTarget | null | undefined
}

export interface LandedTarget {
  /** What the run started from. */
  readonly root: Oid
  readonly first: Oid
  /** All that has landed there. */
  readonly landed: readonly Decision[]
}

/** A conflict between two texts; null is the base of one that both sides added. */
interface TextSides {
  readonly conflict: Conflict
  readonly base: Oid | null
  readonly ours: Oid
  readonly theirs: Oid
  readonly decided: DecidedText | null
  readonly target: LandedTarget | null
}

/** What was decided of a text, as atoms of the run's base. */
export interface DecidedText {
  /** Its path in the run's base, and its text there. */
  readonly file: TreePath
  readonly root: Oid
  readonly before: readonly Atom[]
  readonly after: readonly Atom[]
  readonly landed: readonly Atom[]
}

/** The texts in conflict, each merged line by line; what is no text on every side is left out. All by two processes at most. */
export async function mergedTexts(
  own: Own,
  conflicts: readonly { readonly conflict: Conflict; readonly decided: Decided | undefined }[],
): Promise<Map<Conflict, MergePart[]>> {
  const sides = conflicts.flatMap(({ conflict, decided }) => sidesOf(conflict, decided))
  if (sides.length === 0) return new Map()
  const pairs = sides.flatMap(({ base, ours, theirs, decided }): (readonly [Oid, Oid])[] => [
    ...(base === null ? [[ours, theirs] as const] : [[base, ours] as const, [base, theirs] as const]),
    ...(decided === null ? [] : [[decided.root, ours] as const]),
  ])
  const [atoms, blobs] = await Promise.all([
    textAtoms(own, pairs, mergeOptions),
    readBlobs(
      own,
      sides.flatMap(({ base, ours, theirs, decided }) => [base ?? ours, ours, theirs, decided?.root ?? ours]),
    ),
  ])
  const read = (oid: Oid): ByteString => blobs.get(oid) ?? ''
  const texts = sides.map((each) => (isMadeBy(each, read) ? each : { ...each, decided: null }))
  const merged = new Map<Conflict, MergePart[]>()
  for (const text of texts) {
    const parts = partsOf(text, { read, atoms })
    if (parts !== null) merged.set(text.conflict, parts)
  }
  for (const [conflict, parts] of await mergedAtOnce(own, texts.filter(isOpen(merged)), read))
    merged.set(conflict, parts)
  return merged
}

/** Whether base and theirs are what was decided: git may pair a file with another one than was decided of. */
function isMadeBy({ base, theirs, decided }: TextSides, read: (oid: Oid) => ByteString): boolean {
  if (decided === null || base === null) return true
  const root = read(decided.root)
  return splice(root, decided.before) === read(base) && splice(root, decided.after) === read(theirs)
}

interface Known {
  readonly read: (oid: Oid) => ByteString
  readonly atoms: (from: Oid, to: Oid) => readonly Atom[] | null
}

function isOpen(merged: ReadonlyMap<Conflict, MergePart[]>): (text: TextSides) => boolean {
  return ({ conflict, decided }) =>
    decided !== null && decided.before.length > 0 && conflictsIn(merged.get(conflict) ?? []).length > 0
}

/** Merges all that is decided of texts at once, where nothing of the person's is lost by it. */
async function mergedAtOnce(
  own: Own,
  texts: readonly TextSides[],
  read: (oid: Oid) => ByteString,
): Promise<Map<Conflict, MergePart[]>> {
  const merged = new Map<Conflict, MergePart[]>()
  for (const [target, ofTarget] of Map.groupBy(texts, ({ target }) => target)) {
    if (target === null) continue
    const paths = ofTarget.map(({ conflict }) => conflict.path)
    const first = await entriesAt(own, target.first, paths)
    const known = ofTarget.flatMap(({ conflict, ours, decided }) => {
      const entry = first.get(conflict.path)
      return decided !== null && entry?.mode.startsWith('100') === true
        ? [{ conflict, decided, ours, oid: entry.oid }]
        : []
    })
    const pairs = known.map(({ decided, oid }) => [decided.root, oid] as const)
    const atoms = pairs.length === 0 ? () => null : await textAtoms(own, pairs, mergeOptions)
    for (const { conflict, decided, ours, oid } of known) {
      const made = atoms(decided.root, oid)
      const text =
        made === null ? null : mergeAtOnce(read(decided.root), { ...decided, first: made, ours: read(ours) })
      if (text !== null) merged.set(conflict, [{ kind: 'merged', text }])
    }
  }
  return merged
}

function sidesOf(conflict: Conflict, decided: Decided | undefined): TextSides[] {
  const { kind, base, ours, theirs } = conflict
  if (ours === null || theirs === null || (kind !== 'content' && kind !== 'add/add')) return []
  if ((base === null) !== (kind === 'add/add')) return []
  const isFile = [base ?? ours, ours, theirs].every(({ mode }) => mode.startsWith('100'))
  if (!isFile) return []
  const text = decided === undefined || base === null ? null : decidedText(conflict, decided)
  const target = decided?.target ?? null
  return [{ conflict, base: base?.oid ?? null, ours: ours.oid, theirs: theirs.oid, decided: text, target }]
}

/** What was decided of a file that is merged, found by its names or by the text that it starts from. */
export function decidedText(
  { paths, base }: Pick<Conflict, 'paths' | 'base'>,
  { before, after, target }: Decided,
): DecidedText | null {
  const all = target?.landed ?? before
  const names = new Map([...before, ...after].flatMap((each) => namesOf(each)))
  const isThere = (each: Decision): each is AtomDecision =>
    each.kind === 'atom' &&
    (paths.includes(each.path) || paths.includes(names.get(each.path) ?? '') || each.base.oid === base?.oid)
  const sides = [before, after, all].map((side) => side.filter(isThere))
  const [root] = [...(sides[1] ?? []), ...sides.flat()]
  const roots = new Set(sides.flat().map((each) => `${each.base.oid} ${each.path}`))
  if (root === undefined || roots.size > 1) return null
  if (![before, after, all].every((side) => startsFrom(side, root))) return null
  const [landed = [], wanted = [], there = []] = sides.map((side) => side.map(({ atom }) => atom))
  return { file: root.path, root: root.base.oid, before: landed, after: wanted, landed: there }
}

/** Whether what is decided of a text are changes of that base: of the file as the run has it, or of the new one that was taken. */
function startsFrom(side: readonly Decision[], { path, base, newFile }: AtomDecision): boolean {
  const ofPath = side.filter((each) => each.path === path)
  const whole = decidedFacet(
    ofPath.filter((each) => each.kind === 'unit'),
    'content',
  )
  if (newFile !== true) return whole === null
  return whole !== null && isMixable(whole) && whole.entry?.oid === base.oid
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
