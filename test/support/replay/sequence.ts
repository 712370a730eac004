import { mergeTrees } from '../../../src/adapters/git/merge/merge.ts'
import type { MergeOutcome } from '../../../src/adapters/git/merge/merge.ts'
import { syntheticCommit } from '../../../src/adapters/git/command/object.ts'
import { objectWriter } from '../../../src/adapters/git/object/object-store.ts'
import type { Own } from '../../../src/adapters/git/repository/own.ts'
import { writeTrees } from '../../../src/adapters/git/object/write.ts'
import type { Decision, Oid, TreePath } from '../../../src/core/merge/change.ts'
import { compose } from '../../../src/core/merge/compose.ts'
import { exclusions } from '../../../src/core/merge/decision.ts'
import { plainMerges } from './plain-merge.ts'
import type { World } from './world.ts'

type Piece = readonly Decision[]

/** Pieces to land one after the other, each on what the last has left. */
export interface Sequence {
  readonly world: World
  readonly target: Oid
  readonly pieces: readonly Piece[]
}

/** The target in the end, the paths on which pieces did not land, and of those where git cannot merge that piece, either. */
export interface Landed {
  readonly tree: Oid
  readonly refused: ReadonlySet<TreePath>
  readonly alike?: ReadonlySet<TreePath>
}

interface Course {
  readonly world: World
  tree: Oid
  /** What the target was before anything landed. */
  readonly first: Oid
  /** What was landed before, the base of the next landing. */
  base: Oid
  landed: Piece
  queue: Piece[]
  /** What is to land next, as long as nothing conflicts. */
  steps: Step[]
  readonly refused: Set<TreePath>
  readonly alike: Set<TreePath>
}

interface Step {
  readonly piece: Piece
  readonly wanted: Piece
  readonly tree: Oid
}

/** Lands many sequences side by side: the first piece of each by one process, then the second of each, and so on. */
export async function landSequences(own: Own, sequences: readonly Sequence[]): Promise<Landed[]> {
  const courses = sequences.map(({ world, target, pieces }): Course => {
    const queue = pieces.filter(({ length }) => length > 0)
    const base = world.pair.base.tree
    const paths = { refused: new Set<TreePath>(), alike: new Set<TreePath>() }
    return { world, tree: target, first: target, base, landed: [], queue, steps: [], ...paths }
  })
  for (;;) {
    await Promise.all(courses.map(planSteps))
    const open = courses.flatMap((course) => {
      const step = course.steps.shift()
      return step === undefined ? [] : [{ course, step }]
    })
    if (open.length === 0) return courses.map(({ tree, refused, alike }) => ({ tree, refused, alike }))
    const merges = open.map(({ course: { world, base, tree: ours, landed, first }, step }) => ({
      base,
      ours,
      theirs: step.tree,
      decided: { before: landed, after: step.wanted, target: { root: world.pair.base.tree, first, landed } },
    }))
    const outcomes = await mergeTrees(own, merges)
    const lost = open.flatMap(({ course, step: { piece, tree } }, at) =>
      piece.length === 1 && outcomes[at]?.clean === false ? [{ course, piece, theirs: tree }] : [],
    )
    await noteAlike(own, lost)
    for (const [at, { course, step }] of open.entries()) advance(course, step, outcomes[at])
  }
}

/** Asks git whether it can merge pieces that did not land on what was there then. */
async function noteAlike(
  own: Own,
  lost: readonly { readonly course: Course; readonly piece: Piece; readonly theirs: Oid }[],
): Promise<void> {
  const writer = objectWriter(own)
  const pairs = lost.map(({ course: { base, tree }, theirs }) => {
    const parent = writer.add(syntheticCommit(base, []))
    const commit = (side: Oid): Oid => writer.add(syntheticCommit(side, [parent]))
    return [commit(tree), commit(theirs)] as const
  })
  await writer.flush()
  for (const [at, { conflicts }] of plainMerges(own.directory, pairs).entries()) {
    const { course, piece } = lost[at] ?? {}
    if (conflicts.size > 0) for (const { path } of piece ?? []) course?.alike.add(path)
  }
}

/** The trees that several sets of decisions make of the base, written by one process. */
export async function composedTrees(
  { own, pair, read }: World,
  wanted: readonly (readonly Decision[])[],
): Promise<Oid[]> {
  const compositions = wanted.map((decisions) => compose(decisions, read))
  return writeTrees(own, pair.base.tree, compositions)
}

/** Puts all that waits into an order in which each piece goes together with those before it. */
async function planSteps(course: Course): Promise<void> {
  if (course.steps.length > 0 || course.queue.length === 0) return
  const planned: Omit<Step, 'tree'>[] = []
  let landed = course.landed
  for (;;) {
    const piece = nextPiece(course, landed)
    if (piece === null) break
    const wanted = [...landed, ...piece]
    planned.push({ piece, wanted })
    landed = wanted
  }
  const trees = await composedTrees(
    course.world,
    planned.map(({ wanted }) => wanted),
  )
  course.steps = planned.map((step, at) => ({ ...step, tree: trees[at] ?? '' }))
}

/** The next piece that goes together with what has landed; one that needs another first waits for it. */
function nextPiece(course: Course, landed: Piece): Piece | null {
  const { queue, world } = course
  const at = queue.findIndex((piece) => exclusions([...landed, ...piece], world.candidates) === null)
  const [piece] = at === -1 ? [] : queue.splice(at, 1)
  if (piece !== undefined) return piece
  if (queue.every(({ length }) => length === 1)) {
    for (const { path } of queue.splice(0).flat()) course.refused.add(path)
    return null
  }
  course.queue = queue.flatMap((each) => (each.length > 1 ? halves(each) : [each]))
  return nextPiece(course, landed)
}

// What conflicts is cut in two, down to single decisions; what was planned after it is planned anew.
function advance(course: Course, { piece, wanted, tree }: Step, outcome: MergeOutcome | undefined): void {
  if (outcome?.clean === true) {
    Object.assign(course, { base: tree, landed: wanted, tree: outcome.tree })
    return
  }
  const later = course.steps.splice(0).map((step) => step.piece)
  course.queue.push(...(piece.length > 1 ? halves(piece) : []), ...later)
  if (piece.length === 1) for (const { path } of piece) course.refused.add(path)
}

function halves<T>(items: readonly T[]): (readonly T[])[] {
  const half = items.length >> 1
  return [items.slice(0, half), items.slice(half)]
}
