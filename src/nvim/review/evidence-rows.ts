import type { Review } from './model.ts'
import { numberOf } from './model.ts'
import { heading, note, type Row } from './rows.ts'
import { shownText } from './shown-text.ts'

/** What is known of an agent beside its changes. */
export interface KnownAgent {
  readonly name: string
  readonly status: string
  readonly reason: string | null
  readonly turns: number
  readonly costUsd: number | null
  readonly changed: { readonly files: number; readonly added: number; readonly deleted: number }
  /** Whether `changed` is known. */
  readonly captured: boolean
}

/** What speaks for each candidate: how its agent ended, what it changed, and how often others made the same. */
export function evidenceRows(review: Review, known: readonly KnownAgent[]): Row[] {
  const rows: Row[] = [heading(`what is known of the candidates of ${review.run}`, 'KageReviewPath')]
  for (const name of review.agents) {
    const agent = known.find((each) => each.name === name)
    const out = review.leftOut.has(name) ? '  left out of the view' : ''
    rows.push(
      heading(`── ${numberOf(review, name)} ${shownText(name)}${out}`, 'KageReviewHeading', `agent ${name}`),
    )
    if (agent !== undefined) rows.push(...aboutAgent(agent))
    rows.push(note(agreementOf(review, name)))
  }
  return rows
}

function aboutAgent({ status, reason, turns, costUsd, changed, captured }: KnownAgent): Row[] {
  const cost = costUsd === null ? 'cost unknown' : `${costUsd.toFixed(2)} USD`
  const counts = `${changed.files} files, +${changed.added} -${changed.deleted}`
  return [
    note(reason === null || reason === '' ? status : `${status}: ${shownText(reason)}`),
    note(`${turns} turns, ${cost}; ${captured ? counts : 'changes not counted yet'}`),
  ]
}

function agreementOf({ answered, trees }: Review, name: string): string {
  if (trees[name] === undefined) return 'has produced nothing yet'
  const groups = answered.flatMap(({ region }) => {
    const variant = region.variants.find(({ agents }) => agents.includes(name))
    return variant === undefined ? [] : [variant.agents.length]
  })
  const agreed = groups.filter((size) => size > 1).length
  return `changed ${groups.length} of ${answered.length} regions; in ${agreed} another agent made the same`
}
