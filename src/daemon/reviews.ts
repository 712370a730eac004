import { readBlobs } from '../adapters/git/object/blob.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { keepBase } from './bases.ts'
import { candidatesOf } from './candidates.ts'
import { draft } from '../core/draft.ts'
import { KageError } from '../core/error.ts'
import { decisionsOf } from '../core/landing.ts'
import { limit } from '../core/limit.ts'
import type { ByteString, Candidate, Decision, Entry, Oid } from '../core/merge/change.ts'
import type { RegionView } from '../core/merge/region-view.ts'
import { regionsOf } from '../core/merge/region.ts'
import type { RunState, State } from '../core/state.ts'
import type { Kernel } from './kernel.ts'
import { withMixes } from './mixes.ts'
import type { Repositories } from './repositories.ts'
import type { CaptureParts } from './sibling.ts'

/** A run as it can be compared and picked from at one moment. */
export interface Review {
  readonly run: RunState
  readonly repository: Repository
  readonly own: Own
  readonly candidates: readonly Candidate[]
  /** Why the latest work of an agent is not among the candidates, one sentence each. */
  readonly problems: readonly string[]
  readonly regions: readonly NumberedRegion[]
  /** What the decisions in the regions were taken from. */
  readonly state: State
  /** Reads a text that the regions or decisions name; every such text was read beforehand. */
  readonly read: (entry: Entry) => ByteString
}

export interface NumberedRegion {
  readonly id: string
  readonly region: RegionView
}

/** Makes reviews of runs; what was enumerated for the same trees and decisions is kept for the next asking. */
export class Reviews {
  readonly #parts: CaptureParts
  readonly #kernel: Kernel
  readonly #repositories: Repositories
  readonly #last = new Map<string, Review>()

  constructor(parts: CaptureParts, repositories: Repositories) {
    this.#parts = parts
    this.#kernel = parts.kernel
    this.#repositories = repositories
  }

  /**
   * Looks at every candidate now and compares them, with the decisions that the state then holds; the regions' numbers
   * are durable before they are shown. Regions are formed without the agents that are left out.
   */
  async review(
    runId: string,
    decided: (state: State) => readonly Decision[],
    without: readonly string[] = [],
  ): Promise<Review> {
    const run = this.#run(runId)
    requireAgents(run, without)
    const repository = await this.#repositories.ofRecord(run.repository)
    const own = await this.#repositories.own(repository)
    await keepBase(own, repository, run)
    const { candidates, problems } = await candidatesOf(this.#parts, own, run)
    const state = this.#kernel.stateWith(runId)
    const decisions = decided(state)
    const landed = decisionsOf(state, runId, null)
    const bases = [...new Set(landed.map(({ base }) => base?.oid))]
    const trees = candidates.map(({ agent, tree }) => [agent, tree])
    const key = JSON.stringify([runId, bases, trees, decisions, without])
    const last = this.#last.get(key)
    if (last !== undefined) return { ...last, run: this.#run(runId), problems, state }
    const compared = candidates.filter(({ agent }) => !without.includes(agent))
    const mixed = await withMixes(own, compared, decisions)
    const read = await readerOf(own, [...candidates, ...mixed], [...decisions, ...landed])
    const regions = await this.#number(runId, regionsOf({ candidates: mixed, decisions, baseText: read }))
    const review = { run: this.#run(runId), repository, own, candidates, problems, regions, read, state }
    this.#keep(key, review)
    return review
  }

  /** The trees that the kept reviews of a repository compare. */
  treesOf(repository: string): Oid[] {
    const reviews = [...this.#last.values()].filter((review) => review.repository.key === repository)
    return reviews.flatMap(({ candidates }) => candidates.map(({ tree }) => tree))
  }

  #keep(key: string, review: Review): void {
    this.#last.set(key, review)
    const [oldest] = this.#last.keys()
    if (this.#last.size > limit.reviewsKept && oldest !== undefined) this.#last.delete(oldest)
  }

  #run(id: string): RunState {
    const run = this.#kernel.stateWith(id).runs[id]
    if (run === undefined) throw new KageError('KAGE_RUN_UNKNOWN', `There is no run ${id}.`)
    return run
  }

  async #number(runId: string, regions: readonly RegionView[]): Promise<NumberedRegion[]> {
    const known = new Set(this.#run(runId).regions)
    const keys = regions.map((region) => region.key).filter((key) => !known.has(key))
    if (keys.length > 0) await this.#kernel.append([draft('regions.numbered', runId, null, { keys })])
    const numbers = new Map(this.#run(runId).regions.map((key, index) => [key, index + 1]))
    return regions.map((region) => ({ id: `g${numbers.get(region.key)}`, region }))
  }
}

function requireAgents({ id, agents }: RunState, names: readonly string[]): void {
  const stranger = names.find((name) => !agents.some((agent) => agent.name === name))
  if (stranger === undefined) return
  const known = agents.map(({ name }) => name).join(', ')
  throw new KageError('KAGE_AGENT_UNKNOWN', `"${stranger}" is no agent of ${id}; it has ${known}.`)
}

/** Reads at once every base text and every new file's text that regions, choices and compositions can ask for. */
export async function readerOf(
  own: Own,
  candidates: readonly Candidate[],
  decisions: readonly Decision[],
): Promise<(entry: Entry) => ByteString> {
  const wanted = new Set<Oid>()
  for (const change of candidates.flatMap((candidate) => candidate.changes)) {
    if (change.kind === 'text') wanted.add(change.base.oid)
    else if (change.entry !== null && change.entry.mode !== '160000') wanted.add(change.entry.oid)
  }
  for (const decision of decisions) if (decision.kind === 'atom') wanted.add(decision.base.oid)
  const texts = await readBlobs(own, [...wanted])
  return (entry) => {
    const text = texts.get(entry.oid)
    if (text === undefined) throw new Error(`the text ${entry.oid} was not read`)
    return text
  }
}
