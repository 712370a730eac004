import type { Editor } from './editor.ts'
import type { Frame } from './frame.ts'

/** Frames on their way to Lua. */
export interface Screen {
  /** Shows panes of a view: of several frames that wait, only the newest is sent. */
  paint: (view: string, panes: Frame['panes']) => void
  /** Forgets what waits for a view that is no more. */
  drop: (view: string) => void
}

/**
 * One frame of all views is under way at most, and the next is sent when it was painted: however long the person keeps
 * Neovim busy, nothing piles up.
 */
export function createScreen(editor: Pick<Editor, 'await'>): Screen {
  const waiting = new Map<string, Frame>()
  let seq = 0
  let busy = false
  const send = async (): Promise<void> => {
    if (busy) return
    busy = true
    try {
      for (let next = takeFirst(waiting); next !== null; next = takeFirst(waiting))
        await editor.await('ui', 'paint', next).catch(() => {})
    } finally {
      busy = false
    }
  }
  return {
    paint: (view, panes) => {
      waiting.delete(view)
      waiting.set(view, { view, seq: ++seq, panes })
      void send()
    },
    drop: (view) => void waiting.delete(view),
  }
}

function takeFirst(waiting: Map<string, Frame>): Frame | null {
  for (const [view, frame] of waiting) {
    waiting.delete(view)
    return frame
  }
  return null
}
