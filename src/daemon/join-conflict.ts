import { createHash } from 'node:crypto'
import { writeTrees } from '../adapters/git/object/write.ts'
import { agentId } from '../core/id.ts'
import type { Decision } from '../core/merge/change.ts'
import { compose } from '../core/merge/compose.ts'
import type { JoinConflict } from '../core/merge/join.ts'
import { pathToWire } from '../core/merge/path.ts'
import { textToWire } from '../core/merge/wire.ts'
import type { Landed } from '../core/protocol/results.ts'
import { blobId } from './blob-id.ts'
import type { Review } from './reviews.ts'

/**
 * The answer to a pick that joins variants which do not go together: a conflict of kind `join` that bears the region's id. No
 * side of it can be chosen by --resolve; REGION=@FILE settles it. Nothing is written but the tree of what has landed.
 */
export async function joinedConflict(
  { own, run, regions, read }: Review,
  landed: readonly Decision[],
  { region, sides }: JoinConflict,
): Promise<Landed> {
  const [tree = run.base] = await writeTrees(own, run.base, [compose(landed, read)])
  const id = regions.find((each) => each.region === region)?.id ?? ''
  const [ours, theirs] = sides
  const [base, mine, others] = [region.baseText, ours.variant.text, theirs.variant.text]
  const agents = [...new Set(sides.flatMap(({ variant }) => variant.agents))].map((name) =>
    agentId(run.id, name),
  )
  const key = createHash('sha1')
    .update(JSON.stringify([base, mine, others]))
    .digest('hex')
  const lines = [region.start, region.end] as const
  const [blobOfBase, blobOfOurs, blobOfTheirs] = [base, mine, others].map((text) =>
    blobId(text, own.objectFormat),
  )
  const conflict = {
    ...pathToWire(region.path),
    from: null,
    kind: 'join',
    base: blobOfBase ?? null,
    ours: blobOfOurs ?? null,
    theirs: blobOfTheirs ?? null,
    id,
    key,
    agents,
    choices: [],
    remembered: null,
    regions: [
      {
        id,
        key,
        lines,
        baseLines: lines,
        agents,
        base: textToWire(base),
        ours: textToWire(mine),
        theirs: textToWire(others),
        remembered: null,
      },
    ],
  }
  return {
    result: 'conflict',
    tree,
    commit: null,
    undo: null,
    conflicts: [conflict],
    replaced: [],
    warnings: [],
    paths: [],
  }
}
