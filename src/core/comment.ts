import type { State } from './state.ts'

/** What the person has to say to agents about a place of their work, and has not sent yet. */
export interface Comment {
  readonly id: string
  readonly agents: readonly string[]
  /** Where, in words: `src/a.ts:3-5`. */
  readonly place: string
  readonly message: string
}

/** The comments on a run in the review of a target, in the order in which they were begun. */
export function commentsOf(state: State, run: string, target: string): readonly Comment[] {
  return state.runs[run]?.comments[target] ?? []
}

/** Comments after one was written, for the first time or anew; one without words is dropped. */
export function withComment(before: readonly Comment[], comment: Comment): Comment[] {
  const isKnown = before.some(({ id }) => id === comment.id)
  const after = isKnown
    ? before.map((each) => (each.id === comment.id ? comment : each))
    : [...before, comment]
  return after.filter(({ message }) => message !== '')
}

/** Comments after some of them were sent to an agent; one that nobody is still to get is gone. */
export function withoutSent(
  before: readonly Comment[],
  { agent, ids }: { readonly agent: string; readonly ids: readonly string[] },
): Comment[] {
  const after = before.map((each) =>
    ids.includes(each.id) ? { ...each, agents: each.agents.filter((name) => name !== agent) } : each,
  )
  return after.filter(({ agents }) => agents.length > 0)
}
