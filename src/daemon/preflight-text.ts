// Variants of texts are tried many at once. For each path those of one letter are a batch, since they lie apart. The first
// batch of every path goes into one tree, the second of every path into the next, and all trees are merged at once. A batch
// whose path merged is clean as a whole; one that conflicts is cut in two and tried again, down to single variants. What
// changes the same lines as the target in another way is not tried at all: git makes a conflict of it.
import { enumerateCandidates } from '../adapters/git/diff/enumerate.ts'
import { mergeTrees } from '../adapters/git/merge/merge.ts'
import { movedPaths } from '../adapters/git/diff/moved-paths.ts'
import { writeTrees } from '../adapters/git/object/write.ts'
import { limit } from '../core/limit.ts'
import { firstEndingFrom, overlapIn, sortAtoms } from '../core/merge/atom.ts'
import type { Atom, Decision, Oid, TreePath } from '../core/merge/change.ts'
import type { Conflict } from '../core/merge/conflict.ts'
import { compose } from '../core/merge/compose.ts'
import { decideAll, decideRegions, exclusions } from '../core/merge/decision.ts'
import type { TextRegion } from '../core/merge/region-view.ts'
import type { Review } from './reviews.ts'

/** A variant of a text with what choosing it decides. */
export interface TextTry {
  readonly id: string
  readonly letter: string
  readonly region: TextRegion
  readonly chosen: readonly Decision[]
}

interface Trying {
  readonly decided: readonly Decision[]
  readonly ours: Oid
  readonly tries: readonly TextTry[]
}

type Batches = ReadonlyMap<TreePath, readonly (readonly TextTry[])[]>

/** The ids of the variants that land cleanly on `ours`; one that would take too many tries to tell is not among them. */
export async function cleanTexts(review: Review, { decided, ours, tries }: Trying): Promise<string[]> {
  const known = groupBy(decided, ({ path }) => path)
  const theirs = await atomsOfTarget(review, ours, tries)
  const going = goingIn(known)
  const own = new Map(
    [...theirs].map(([path, atoms]) => [path, withoutDecided(atoms, known.get(path) ?? [])]),
  )
  const possible: TextTry[] = []
  const clean: string[] = []
  for (const each of tries) {
    const { region, chosen } = each
    const { path, base } = region
    if (known.has(path) && !going(region, chosen)) continue
    // git compares large texts too slowly to try each: what touches nothing of the target's own is taken to land.
    if (review.read(base).length > limit.histogramBytes) {
      if (!touches(own.get(path) ?? [], chosen)) clean.push(each.id)
    } else if (known.has(path) || !collides(theirs.get(path) ?? [], chosen)) possible.push(each)
  }
  let batches: Batches = new Map(
    [...groupBy(possible, ({ region }) => region.path)].map(([path, ofPath]) => [
      path,
      [...groupBy(ofPath, ({ letter }) => letter).values()],
    ]),
  )
  for (let tried = 0; batches.size > 0;) {
    const rounds = roundsOf(batches)
    tried += rounds.length
    if (tried > limit.preflightTries) break
    const conflicts = await conflictsOf(review, decided, ours, rounds)
    const next = new Map<TreePath, TextTry[][]>()
    for (const [path, ofPath] of batches) {
      for (const [index, batch] of ofPath.entries()) {
        if (!conflicts[index]?.(path)) clean.push(...batch.map(({ id }) => id))
        else if (batch.length > 1) next.set(path, [...(next.get(path) ?? []), ...halves(batch)])
      }
    }
    batches = next
  }
  return clean
}

/** A test whether what is chosen in a region goes together with what else is decided for its file. */
function goingIn(
  known: ReadonlyMap<TreePath, readonly Decision[]>,
): (region: TextRegion, chosen: readonly Decision[]) => boolean {
  // Atoms of other regions overlap nothing of this one: of each base one stands for all of them.
  const others = new Map<TreePath, readonly Decision[]>()
  for (const [path, ofPath] of known) {
    const atoms = ofPath.filter(({ kind }) => kind === 'atom')
    const oids = new Set(atoms.map(({ base }) => base?.oid))
    const first = [...oids].flatMap((oid) => atoms.filter(({ base }) => base?.oid === oid).slice(0, 2))
    others.set(path, [...ofPath.filter(({ kind }) => kind === 'unit'), ...first])
  }
  return (region, chosen) => {
    const ofPath = others.get(region.path) ?? []
    return exclusions(decideRegions(ofPath, region, chosen, ofPath)) === null
  }
}

/** What the target itself has changed in the texts that are tried. */
async function atomsOfTarget(
  { own, run }: Review,
  ours: Oid,
  tries: readonly TextTry[],
): Promise<Map<TreePath, readonly Atom[]>> {
  if (tries.length === 0) return new Map()
  const [target] = await enumerateCandidates(own, run.base, [{ agent: 'target', tree: ours }])
  const texts = target?.changes.flatMap((change) => (change.kind === 'text' ? [change] : [])) ?? []
  return new Map(texts.map(({ path, atoms }) => [path, atoms]))
}

function collides(theirs: readonly Atom[], chosen: readonly Decision[]): boolean {
  return near(theirs, chosen, (left, right) => overlapIn(sortAtoms([left, right])) !== null)
}

function touches(theirs: readonly Atom[], chosen: readonly Decision[]): boolean {
  return near(theirs, chosen, () => true)
}

/** Whether something that is chosen and an atom of the target's lie side by side or overlap, and pass a test. */
function near(
  theirs: readonly Atom[],
  chosen: readonly Decision[],
  passes: (left: Atom, right: Atom) => boolean,
): boolean {
  return chosen.some((decision) => {
    if (decision.kind === 'unit') return false
    const { atom } = decision
    for (let at = firstEndingFrom(theirs, atom.start); at < theirs.length; at += 1) {
      const other = theirs[at]
      if (other === undefined || other.start > atom.end) return false
      if (passes(atom, other)) return true
    }
    return false
  })
}

/** The atoms of a target that are none of those that have landed there. */
function withoutDecided(theirs: readonly Atom[], decided: readonly Decision[]): readonly Atom[] {
  const landed = new Set(decided.flatMap((each) => (each.kind === 'atom' ? [nameOf(each.atom)] : [])))
  return landed.size === 0 ? theirs : theirs.filter((atom) => !landed.has(nameOf(atom)))
}

function nameOf({ start, end, text }: Atom): string {
  return `${start} ${end} ${text}`
}

/** The first batch of each path, the second of each, and so on. */
function roundsOf(batches: Batches): TextTry[][] {
  const most = Math.max(...[...batches.values()].map(({ length }) => length))
  return Array.from({ length: most }, (_, index) =>
    [...batches.values()].flatMap((ofPath) => ofPath[index] ?? []),
  )
}

/** For each round whether a path conflicts in it. */
async function conflictsOf(
  { own, run, read }: Review,
  decided: readonly Decision[],
  ours: Oid,
  rounds: readonly (readonly TextTry[])[],
): Promise<((path: TreePath) => boolean)[]> {
  const wanted = rounds.map((tries) => decideAll(decided, tries, decided).decisions)
  const compositions = [decided, ...wanted].map((each) => compose(each, read))
  const [base, ...trees] = await writeTrees(own, run.base, compositions)
  const from = base ?? run.base
  const merges = trees.map((theirs, index) => ({
    base: from,
    ours,
    theirs,
    decided: { before: decided, after: wanted[index] ?? [] },
  }))
  const outcomes = await mergeTrees(own, merges)
  if (outcomes.every(({ clean }) => clean)) return outcomes.map(() => () => false)
  const namesOf = await namesOfFiles(own, from, ours, decided)
  return outcomes.map((outcome, index) => {
    if (outcome.clean) return () => false
    const paths = (rounds[index] ?? []).map(({ region }) => region.path)
    return conflicting(outcome.conflicts, [...new Set(paths)], namesOf)
  })
}

type NamesOf = (path: TreePath) => readonly TreePath[]

/** The names under which a conflict of a file is told: its own, where it has landed, where the target moved it. */
async function namesOfFiles(
  own: Review['own'],
  base: Oid,
  ours: Oid,
  decided: readonly Decision[],
): Promise<NamesOf> {
  const moved = await movedPaths(own, base, ours)
  const landed = new Map(
    decided.flatMap((each) => (each.kind === 'unit' && each.to ? [[each.path, each.to] as const] : [])),
  )
  return (path) => {
    const there = landed.get(path) ?? path
    return [path, there, moved.get(there) ?? there]
  }
}

/** Which of the files conflict; all of them where a conflict is of none that is known. */
function conflicting(
  conflicts: readonly Conflict[],
  files: readonly TreePath[],
  namesOf: NamesOf,
): (path: TreePath) => boolean {
  // Where a path became a directory meanwhile, git tells of the file by another name, `path~…`.
  const told = conflicts.map(({ path }) => [path, path.replace(/~[^/]*$/, '')])
  const known = new Set(files.flatMap(namesOf))
  if (told.some((names) => !names.some((name) => known.has(name)))) return () => true
  const paths = new Set(told.flat())
  return (path) => namesOf(path).some((name) => paths.has(name))
}

function halves<T>(items: readonly T[]): T[][] {
  const half = items.length >> 1
  return [items.slice(0, half), items.slice(half)]
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const known = groups.get(keyOf(item))
    if (known === undefined) groups.set(keyOf(item), [item])
    else known.push(item)
  }
  return groups
}
