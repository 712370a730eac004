import { wantedOf } from '../../core/landing.ts'
import { fault } from '../../core/error.ts'
import type { Fault } from '../../core/error.ts'
import { choose, replacesLanded } from '../../core/merge/choice.ts'
import type { Choice } from '../../core/merge/choice.ts'
import type { ByteString, Decision, Entry, Oid } from '../../core/merge/change.ts'
import type { Keeping } from '../../core/kept.ts'
import { decideRegions, takeAgent } from '../../core/merge/decision.ts'
import { chooseLines } from '../../core/merge/line-choice.ts'
import type { RegionView } from '../../core/merge/region-view.ts'
import type { LineRange } from '../../core/merge/line-pick.ts'
import type { Pending } from '../../core/state.ts'
import type { ReviewRegion } from '../../core/protocol/results.ts'
import { type Changed, decided } from './history.ts'
import { keptName, keptNames } from './kept-base.ts'
import { currentRegion, type Review } from './model.ts'
import { outcomesOf } from './outcomes.ts'
import { previewed } from './position.ts'

/** A text is wanted that is not fetched yet: fetch it and try again. */
export interface Missing {
  readonly missing: readonly Oid[]
}

/** What a key that takes something comes to. */
export type Taken = Changed | Fault | Missing

/** Takes what the candidate with that number made of the region. */
export function takeNumber(review: Review, number: number): Taken {
  const agent = review.agents[number - 1]
  if (agent === undefined) {
    const message = `There is no candidate ${number}: this run has ${review.agents.length}.`
    return fault('KAGE_CHOICE_INVALID', message, '<Tab> shows one variant after the other, <CR> takes it.')
  }
  return review.joining ? takeBoth(review, agent) : takeChoice(review, agent)
}

/** Takes the variant that is previewed. */
export function takePreviewed(review: Review): Taken {
  const variant = previewed(review)
  return variant === null ? nothingHere() : takeChoice(review, variant.agents[0] ?? variant.letter)
}

/** Keeps the base in the region. */
export function keepBase(review: Review): Taken {
  const shown = currentRegion(review)
  if (shown === null) return nothingHere()
  const after = decideRegions(wantedOf(review), shown.region, [])
  return decided(review, after, keeping(review, shown.region))
}

function keeping(review: Review, region: RegionView): Keeping {
  const name = keptName(region)
  return { kept: [name], unkept: keptNames(review.keptBase, region).filter((each) => each !== name) }
}

/** Takes a text of the person's own. */
export function takeEdited(review: Review, key: string, text: ByteString): Taken {
  const shown = review.regions.find(({ region }) => region.key === key)
  if (shown === undefined)
    return fault(
      'KAGE_VARIANT_STALE',
      'That region is not there any more: an agent changed the lines around it.',
    )
  return takeIn(review, shown, { edited: text })
}

/** Takes some lines of a variant, counted from 1 in its text, beside those picked before; the rest stays as the base. */
export function takeLines(review: Review, letter: string, ranges: readonly LineRange[]): Taken {
  const shown = currentRegion(review)
  if (shown === null) return nothingHere()
  const { key, variants } = shown.region
  const agent = variants.find((variant) => variant.letter === letter)?.agents[0]
  const earlier = review.picked?.region === key ? review.picked.lines : []
  const lines = [...earlier, ...ranges.map((range) => ({ ...range, variant: agent ?? letter }))]
  return reading(review, (read) => {
    const chosen = chooseLines(shown.region, lines, { read })
    if (!Array.isArray(chosen)) return chosen
    const taken = replaced(review, shown, { chosen, isOnly: false })
    if (!('review' in taken)) return taken
    return { ...taken, review: { ...taken.review, picked: { region: key, lines } } }
  })
}

/** Takes all that an agent made of the regions of this file where nothing is decided yet. */
export function takeRest(review: Review): Taken {
  const agent = previewed(review)?.agents[0]
  const path = currentRegion(review)?.region.path
  if (agent === undefined || path === undefined) return nothingHere()
  const outcome = outcomesOf(review)
  const open = review.regions.filter(
    (shown) => shown.region.path === path && outcome(shown).kind === 'open' && madeBy(shown, agent),
  )
  return takeAll(review, open, agent)
}

/** Takes what the previewed candidate made of all the regions within the function that the region lies in. */
export function takeFunction(review: Review): Taken {
  const agent = previewed(review)?.agents[0]
  const here = currentRegion(review)
  if (agent === undefined || here === null) return nothingHere()
  const { part, region } = here
  if (part === undefined)
    return fault('KAGE_CHOICE_INVALID', 'No function is known around this region.', '<CR> takes it alone.')
  const isWithin = ({ region: other }: ReviewRegion): boolean =>
    other.kind === 'text' &&
    other.path === region.path &&
    other.base.oid === region.base?.oid &&
    part.start <= other.start &&
    other.end <= part.end
  return takeAll(
    review,
    review.regions.filter((shown) => isWithin(shown) && madeBy(shown, agent)),
    agent,
  )
}

/** Takes what the previewed candidate made of several regions. */
export function takeRows(review: Review, keys: ReadonlySet<string>): Taken {
  const agent = previewed(review)?.agents[0]
  if (agent === undefined) return nothingHere()
  const regions = review.regions.filter((shown) => keys.has(shown.region.key) && madeBy(shown, agent))
  return takeAll(review, regions, agent)
}

function takeBoth(review: Review, second: string): Taken {
  const first = previewed(review)
  const name = first?.agents[0] ?? first?.letter
  return name === undefined ? nothingHere() : takeChoice(review, `${name}+${second}`)
}

function takeChoice(review: Review, choice: string): Taken {
  const shown = currentRegion(review)
  return shown === null ? nothingHere() : takeIn(review, shown, choice)
}

function takeIn(review: Review, shown: ReviewRegion, choice: Choice): Taken {
  return reading(review, (read) => {
    const chosen = choose(shown.region, choice, { read })
    if (!Array.isArray(chosen)) return chosen
    return replaced(review, shown, { chosen, isOnly: replacesLanded(shown.region, choice) })
  })
}

/** A choice replaces what is pending; what has landed stays where it is not overlapped, unless the person went back to the base first. */
function replaced(
  review: Review,
  shown: ReviewRegion,
  { chosen, isOnly }: { readonly chosen: readonly Decision[]; readonly isOnly: boolean },
): Taken {
  const { region } = shown
  const landed = isOnly || keptNames(review.keptBase, region).length > 0 ? [] : review.landed
  const after = decideRegions(wantedOf(review), region, chosen, landed)
  const unkept = keptNames(review.keptBase, region)
  const taken = decided(review, after, chosen.length === 0 ? keeping(review, region) : { unkept })
  return 'review' in taken ? { ...taken, review: withAgain(taken.review, shown, taken.change) } : taken
}

/** What has landed already and was thrown away since is taken to land again; anything else is decided as ever. */
function withAgain(review: Review, { region, missing }: ReviewRegion, { added, removed }: Pending): Review {
  const again = new Set(review.again)
  if (missing === true && added.length + removed.length === 0) again.add(region.key)
  else again.delete(region.key)
  return { ...review, again }
}

function takeAll(review: Review, regions: readonly ReviewRegion[], agent: string): Taken {
  if (regions.length === 0)
    return fault('KAGE_CHOICE_INVALID', `${agent} changed nothing there that is still to be decided.`)
  const views = regions.map(({ region }) => region)
  const unkept = views.flatMap((region) => keptNames(review.keptBase, region))
  return decided(review, takeAgent(wantedOf(review), views, agent, {}, review.landed), { unkept })
}

/** Runs what reads contents; where one is not fetched yet, says which. */
function reading(review: Review, run: (read: (entry: Entry) => ByteString) => Taken): Taken {
  const missing: Oid[] = []
  let isGone = false
  const taken = run(({ oid }) => {
    const text = review.texts.get(oid)
    if (text === undefined) missing.push(oid)
    isGone ||= text === null
    return text ?? ''
  })
  if (missing.length > 0) return { missing }
  return isGone
    ? fault('KAGE_LIMIT', 'That file is too large to be joined or picked by line here.', 'Take it whole.')
    : taken
}

function madeBy({ region }: ReviewRegion, agent: string): boolean {
  return region.variants.some(({ agents }) => agents.includes(agent))
}

function nothingHere(): Fault {
  return fault('KAGE_CANDIDATE_MISSING', 'There is no region here.')
}
