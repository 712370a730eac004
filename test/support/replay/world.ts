import { readBlobs } from '../../../src/adapters/git/object/blob.ts'
import { enumerateCandidates } from '../../../src/adapters/git/diff/enumerate.ts'
import type { Own } from '../../../src/adapters/git/repository/own.ts'
import type { Candidate, Decision, Entry, Oid } from '../../../src/core/merge/change.ts'
import { takeAgent } from '../../../src/core/merge/decision.ts'
import type { RegionView } from '../../../src/core/merge/region-view.ts'
import { regionsOf } from '../../../src/core/merge/region.ts'

/** Two sides that were merged and what they come from, each a commit with its tree. */
export interface Pair {
  readonly name: string
  readonly base: Side
  readonly ours: Side
  readonly theirs: Side
  /** The commits that git merges: those of both sides, or such as have this base alone. */
  readonly plain: readonly [Oid, Oid]
}

interface Side {
  readonly commit: Oid
  readonly tree: Oid
}

/** A pair with both of its sides as candidates against its base. */
export interface World {
  readonly own: Own
  readonly pair: Pair
  readonly candidates: readonly Candidate[]
  readonly read: (entry: Entry) => string
}

/** Looks at a pair as the engine does, or at more candidates on its base. */
export async function worldOf(
  own: Own,
  pair: Pair,
  trees: Parameters<typeof enumerateCandidates>[2] = sidesOf(pair),
): Promise<World> {
  const candidates = await enumerateCandidates(own, pair.base.tree, trees)
  return { own, pair, candidates, read: await readerOf(own, candidates) }
}

function sidesOf(pair: Pair): { agent: string; tree: Oid }[] {
  return (['ours', 'theirs'] as const).map((agent) => ({ agent, tree: pair[agent].tree }))
}

/** The regions of some of the sides, with what is decided. */
export function regionsIn(world: World, agents: readonly string[]): RegionView[] {
  const candidates = world.candidates.filter(({ agent }) => agents.includes(agent))
  return regionsOf({ candidates, decisions: [], baseText: world.read })
}

/** All that one side changed, taken. */
export function takeAll(world: World, agent: string): Decision[] {
  return takeAgent([], regionsIn(world, [agent]), agent)
}

async function readerOf(own: Own, candidates: readonly Candidate[]): Promise<World['read']> {
  const entries = candidates
    .flatMap(({ changes }) => changes)
    .flatMap((change) => {
      if (change.kind === 'text') return [change.base]
      return change.unit === 'add' && change.entry !== null ? [change.entry] : []
    })
  const blobs = await readBlobs(
    own,
    entries.filter(({ mode }) => mode.startsWith('100')).map(({ oid }) => oid),
  )
  return ({ oid }) => {
    const text = blobs.get(oid)
    if (text === undefined) throw new Error(`${oid} was not read`)
    return text
  }
}
