import { realpath } from 'node:fs/promises'
import type { RunState } from '../../core/state.ts'
import { callOf } from '../call.ts'
import type { Context } from '../context.ts'
import type { Press, ViewShape } from '../frame.ts'
import { placeOf } from '../place.ts'
import type { Reopening } from '../view.ts'
import { act } from './act.ts'
import { askReview, Desk } from './desk.ts'
import { reviewKeys, reviewSigns } from './keys.ts'
import { atRegion, begun } from './position.ts'

/** The review that is open in a Neovim. */
const desks = new WeakMap<Context, Desk>()

/** Opens the review of a run for the worktree that the person is in, and keeps it up to date until it is closed. */
export async function openReview(context: Context, run: RunState, reopening: Reopening): Promise<void> {
  const call = callOf(reopening.payload)
  const target = await targetOf(context, run, call.directory)
  const open = desks.get(context)
  const isThis = open?.run === run.id && open.review.target === target
  // What can be undone is the open one's.
  if (isThis && (await context.editor.ask('ui', 'show', 'review')) === true) return open.look()
  const desk = new Desk(context, call, await askReview(context, run, target))
  const opened = Promise.withResolvers<void>()
  let last = opened.promise
  const watching = {
    // One key after the other, however long one takes, and none before the review is where the person left it.
    press: (press: Press) => (last = last.then(() => act(desk, press))),
    resized: () => desk.paint(),
    closed: () => {
      if (desks.get(context) === desk) desks.delete(context)
      desk.close()
    },
  }
  const view = await context.views.open(shapeOf(run), watching, reopening)
  const row = await context.editor.ask('review', 'attach', 'review')
  const there = desk.review.regions.find(({ id }) => id === row)
  desk.show(there === undefined ? begun(desk.review) : atRegion(desk.review, there.region.key))
  desk.open(view)
  desks.set(context, desk)
  opened.resolve()
}

function shapeOf({ id }: RunState): ViewShape {
  const called = `Kage review ${id}`
  return {
    view: 'review',
    place: 'tab',
    panes: [
      { name: 'regions', buffer: called, filetype: 'kage-review', share: 0.4 },
      { name: 'variants', buffer: `${called} variants`, filetype: 'kage-review', share: 0.6 },
    ],
    keys: reviewKeys,
    signs: reviewSigns,
  }
}

/** The worktree around a directory; from an agent's own, the one where the run was started: an agent's is not landed in. */
async function targetOf({ session }: Context, run: RunState, directory: string): Promise<string> {
  const { root } = await placeOf(directory)
  const agents = Object.values(session.state.runs).flatMap((each) => each.agents)
  const present = agents.filter(({ worktreeState }) => worktreeState === 'present')
  const worktrees = await Promise.all(present.map(({ worktree }) => realpath(worktree).catch(() => worktree)))
  return worktrees.includes(root) ? run.repository.root : root
}
