import { type Comment, commentsOf, withComment } from '../comment.ts'
import { draft } from '../draft.ts'
import { limit } from '../limit.ts'
import { showPath } from '../merge/path-name.ts'
import type { State } from '../state.ts'
import { refuse, type Verdict } from './verdict.ts'

/** Decides whether a comment is kept until it is sent. */
export function decideComment(
  state: State,
  { run, target, comment }: { readonly run: string; readonly target: string; readonly comment: Comment },
): Verdict {
  const agents = state.runs[run]?.agents.map(({ name }) => name) ?? []
  const stranger = comment.agents.find((agent) => !agents.includes(agent))
  if (stranger !== undefined)
    return refuse(
      'KAGE_AGENT_UNKNOWN',
      `"${showPath(stranger)}" is no agent of this run.`,
      'Name one that is.',
    )
  const before = commentsOf(state, run, target)
  const after = withComment(before, comment)
  if (after.length > limit.commentsKept)
    return refuse('KAGE_LIMIT', `${limit.commentsKept} comments are the most.`, 'Send them first.')
  if (after.length === 0 && before.length === 0) return { events: [] }
  return { events: [draft('comment.written', run, null, { target, ...comment })] }
}
