// The review of a run as plain data. What is decided is kept once, as what landed and what is pending; which variant of a
// region that is, is derived. Every change of the person's is a step {removed, added} whose inverse takes it back.
import type { CheckResult } from '../../core/check.ts'
import type { Comment } from '../../core/comment.ts'
import type { Keeping } from '../../core/kept.ts'
import { wantedOf } from '../../core/landing.ts'
import type { ByteString, Decision, Oid } from '../../core/merge/change.ts'
import type { LineChoice } from '../../core/merge/line-choice.ts'
import type { VariantView } from '../../core/merge/region-view.ts'
import type { ReviewAnswer, ReviewRegion } from '../../core/protocol/results.ts'
import type { Pending } from '../../core/state.ts'
import { withoutAgents } from './left-out.ts'

export interface Review {
  readonly run: string
  readonly task: string
  readonly base: Oid
  readonly target: string
  /** The target's tree when it was looked at. */
  readonly ours: Oid
  readonly objectFormat: 'sha1' | 'sha256'
  /** All agents of the run in order: the first has the number 1, also while another has produced nothing. */
  readonly agents: readonly string[]
  readonly trees: Readonly<Record<string, Oid>>
  /** The regions as they came, with all agents. */
  readonly answered: readonly ReviewRegion[]
  /** The regions as they are shown, without the agents that are left out. */
  readonly regions: readonly ReviewRegion[]
  readonly landed: readonly Decision[]
  readonly pending: Pending
  readonly warnings: readonly string[]
  readonly leftOut: ReadonlySet<string>
  /** Keys of the regions where the person chose the base: nothing is decided there, and yet they are through with them. */
  readonly keptBase: ReadonlySet<string>
  /** Keys of regions that landed, were thrown away since, and are to land again. */
  readonly again: ReadonlySet<string>
  readonly position: Position
  readonly past: readonly Step[]
  readonly future: readonly Step[]
  /** Contents by their names, as far as they are fetched; null where an object has none. */
  readonly texts: ReadonlyMap<Oid, ByteString | null>
  readonly comments: readonly Comment[]
  /** The result whose checks run or were run last, by its tree. */
  readonly checked: CheckedResult | null
  /** What the right pane shows, and from which of its rows on where they are many. */
  readonly shown: 'variants' | 'file' | 'result' | 'evidence'
  readonly top: number
  /** Whether the next number is taken behind what is previewed. */
  readonly joining: boolean
  /** The lines that were picked last, one pick after the other, while nothing else is decided. */
  readonly picked: Picked | null
}

/** The checks of a result: how they ended, and those that are still to end; null before anything is known of them. */
export interface CheckedResult {
  readonly tree: Oid
  readonly results: readonly CheckResult[]
  readonly left: readonly string[] | null
}

/** Lines of the variants of one region that are taken together. */
export interface Picked {
  readonly region: string
  readonly lines: readonly LineChoice[]
}

/** Where the person is: a region by its key, and the letter of the variant that they look at. */
export interface Position {
  readonly region: string | null
  readonly letter: string | null
}

/** One change of what is decided, with the regions that it made to be kept as the base, or not any more. */
export interface Change extends Pending, Keeping {}

/** A change that can be taken back, and the region where it was made. */
export interface Step extends Change {
  readonly region: string | null
}

/** The review that an answer of the daemon opens, at its first region. */
export function openedReview(answer: ReviewAnswer, agents: readonly string[]): Review {
  const [first] = answer.regions
  return {
    ...partsOf(answer, agents, new Set()),
    leftOut: new Set(),
    again: new Set(),
    position: { region: first?.region.key ?? null, letter: null },
    past: [],
    future: [],
    texts: new Map(),
    checked: null,
    shown: 'variants',
    top: 0,
    joining: false,
    picked: null,
  }
}

/** The same review after another look of the daemon's; the person stays where they are, or as near as there is a region. */
export function refreshedReview(
  before: Review,
  answer: ReviewAnswer,
  agents: readonly string[] = before.agents,
): Review {
  const parts = partsOf(answer, agents, before.leftOut)
  const position = positionAfter(before, parts.regions)
  const top = position.region === before.position.region ? before.top : 0
  return { ...before, ...parts, position, top }
}

/** The review with other agents left out of the view. */
export function withLeftOut(before: Review, leftOut: ReadonlySet<string>): Review {
  const regions = withoutAgents(before.answered, leftOut, wantedOf(before))
  return { ...before, leftOut, regions, position: positionAfter(before, regions), top: 0 }
}

/** The region that the person is at, or null where there is none. */
export function currentRegion({ regions, position }: Review): ReviewRegion | null {
  return regions.find(({ region }) => region.key === position.region) ?? null
}

/** The number that is pressed for an agent, counted from 1. */
export function numberOf({ agents }: Pick<Review, 'agents'>, agent: string): number {
  return agents.indexOf(agent) + 1
}

/** The agents of a variant by their numbers: `1=3`. */
export function makersOf(review: Pick<Review, 'agents'>, { agents }: Pick<VariantView, 'agents'>): string {
  return agents.map((agent) => numberOf(review, agent)).join('=')
}

function partsOf(
  answer: ReviewAnswer,
  agents: readonly string[],
  leftOut: ReadonlySet<string>,
): Pick<
  Review,
  | 'run'
  | 'task'
  | 'base'
  | 'target'
  | 'ours'
  | 'objectFormat'
  | 'agents'
  | 'trees'
  | 'answered'
  | 'regions'
  | 'landed'
  | 'pending'
  | 'keptBase'
  | 'comments'
  | 'warnings'
> {
  const { run, task, base, target, ours, objectFormat, landed, pending, kept, comments, warnings } = answer
  const known = new Set(agents)
  const further = answer.candidates.map(({ agent }) => agent).filter((agent) => !known.has(agent))
  return {
    run,
    task,
    base,
    target,
    ours,
    objectFormat,
    agents: [...agents, ...further],
    trees: Object.fromEntries(answer.candidates.map(({ agent, tree }) => [agent, tree])),
    answered: answer.regions,
    regions: withoutAgents(answer.regions, leftOut, wantedOf(answer)),
    landed,
    pending,
    keptBase: new Set(kept),
    comments,
    warnings,
  }
}

/** The same region, else the one of that file nearest to its lines, else the one in its place in the list. */
function positionAfter(before: Review, regions: readonly ReviewRegion[]): Position {
  const old = currentRegion(before)
  if (regions.some(({ region }) => region.key === before.position.region)) return before.position
  const place = before.regions.findIndex((each) => each === old)
  const inFile = regions.filter(({ region }) => region.path === old?.region.path)
  const start = old?.region.start ?? 0
  const distance = ({ region }: ReviewRegion): number => Math.abs((region.start ?? 0) - start)
  const [nearest] = inFile.toSorted((left, right) => distance(left) - distance(right))
  const next = nearest ?? regions[Math.min(Math.max(place, 0), regions.length - 1)]
  return { region: next?.region.key ?? null, letter: null }
}
