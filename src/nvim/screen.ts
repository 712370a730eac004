import type { Editor } from './editor.ts'
import type { Frame, Pane } from './frame.ts'
import { partOf, stepTowards } from './pane-part.ts'

/** Frames on their way to Lua. */
export interface Screen {
  /** Shows panes of a view: of several frames that wait, only the newest is sent. */
  paint: (view: string, panes: readonly Pane[]) => void
  /** Forgets what waits for a view that is no more. */
  drop: (view: string) => void
}

/**
 * One frame of all views is under way at most, and the next is sent when it was painted: however long the person keeps
 * Neovim busy, nothing piles up. Of many lines only those are sent that are not painted yet.
 */
export function createScreen(editor: Pick<Editor, 'await'>): Screen {
  const waiting = new Map<string, readonly Pane[]>()
  const painted = new Map<string, readonly Pane[]>()
  /** The frame that is under way for each view, unless the view has gone meanwhile. */
  const steps = new Map<string, Frame>()
  let seq = 0
  let busy = false
  const step = async (view: string, panes: readonly Pane[]): Promise<void> => {
    const before = new Map(painted.get(view)?.map((pane) => [pane.name, pane]))
    const next = panes.map((pane) => stepTowards(before.get(pane.name), pane))
    const parts = next.map((pane) => partOf(before.get(pane.name), pane))
    const frame: Frame = { view, seq: ++seq, panes: parts }
    // What a frame that failed has left is not known.
    painted.delete(view)
    steps.set(view, frame)
    const isPainted = await editor.await('ui', 'paint', frame).catch(() => false)
    if (steps.get(view) !== frame || isPainted !== true) return
    painted.set(view, next)
    if (!waiting.has(view) && next.some((pane, at) => pane !== panes[at])) waiting.set(view, panes)
  }
  const send = async (): Promise<void> => {
    if (busy) return
    busy = true
    try {
      for (let next = takeFirst(waiting); next !== null; next = takeFirst(waiting)) await step(...next)
    } finally {
      busy = false
    }
  }
  return {
    paint: (view, panes) => {
      waiting.delete(view)
      waiting.set(view, panes)
      void send()
    },
    drop: (view) => {
      for (const each of [waiting, painted, steps]) each.delete(view)
    },
  }
}

function takeFirst<T>(waiting: Map<string, T>): [string, T] | null {
  for (const [view, item] of waiting) {
    waiting.delete(view)
    return [view, item]
  }
  return null
}
