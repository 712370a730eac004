import type { Decision, TreePath } from '../../src/core/merge/change.ts'
import type { ReviewAnswer } from '../../src/core/protocol/results.ts'
import type { Fault } from '../../src/core/error.ts'
import type { Changed } from '../../src/nvim/review/history.ts'
import { openedReview, type Review } from '../../src/nvim/review/model.ts'
import type { Missing } from '../../src/nvim/review/take.ts'
import { type Files, type MergeWorld, mergeWorld } from './merge-world.ts'

/** A review of a base and what agents made of it, all in memory. */
export interface ReviewWorld extends MergeWorld {
  readonly answer: ReviewAnswer
  readonly review: Review
}

/** Makes a review; every content is fetched already. */
export function reviewWorld(base: Files, agents: Readonly<Record<string, Files>>): ReviewWorld {
  const world = mergeWorld(base, agents)
  const answer = answerOf(world)
  const names = Object.keys(agents)
  return { ...world, answer, review: withTexts(openedReview(answer, names), world) }
}

/** What the daemon would answer for what has landed. */
function answerOf(world: MergeWorld, landed: readonly Decision[] = []): ReviewAnswer {
  return {
    run: 'r1',
    task: 'a task',
    base: '0'.repeat(40),
    ours: '0'.repeat(40),
    target: '/tree',
    objectFormat: 'sha1',
    candidates: world.candidates.map(({ agent, tree }) => ({ agent, tree })),
    regions: world.regions(landed).map((region, index) => {
      const clean = region.variants.map(({ letter }) => letter)
      return { id: `g${index + 1}`, region, clean, stale: false }
    }),
    landed,
    pending: { removed: [], added: [] },
    kept: [],
    comments: [],
    warnings: [],
  }
}

/** The review after what a key came to, which must be no refusal. */
export function accepted(taken: Changed | Fault | Missing): Review {
  if ('review' in taken) return taken.review
  throw new Error(JSON.stringify(taken))
}

/** A base of ten lines and candidates that replace single lines, given as `{ 'coder-1': { 3: 'x' } }`. */
export function linesWorld(
  agents: Readonly<Record<string, Readonly<Record<number, string>>>>,
  path: TreePath = 'file',
): ReviewWorld {
  const base = Array.from({ length: 10 }, (_, index) => `line ${index + 1}\n`)
  const made = Object.entries(agents).map(([agent, lines]): [string, Files] => {
    const text = base.map((line, index) => (lines[index + 1] === undefined ? line : `${lines[index + 1]}\n`))
    return [agent, { [path]: text.join('') }]
  })
  return reviewWorld({ [path]: base.join('') }, Object.fromEntries(made))
}

function withTexts(review: Review, world: MergeWorld): Review {
  const entries = world.candidates.flatMap(({ changes }) =>
    changes.flatMap(({ base, entry }) => [base, entry]),
  )
  const known = entries.filter((entry) => entry !== null)
  return { ...review, texts: new Map(known.map((entry) => [entry.oid, world.read(entry)])) }
}
