import { limit } from '../core/limit.ts'
import type { Editor } from './editor.ts'
import type { Pane, Press, ViewShape } from './frame.ts'
import type { Screen } from './screen.ts'

/** How large the inside of each pane is, by its name. */
export type Sizes = Readonly<Record<string, { readonly columns: number; readonly rows: number }>>

/** A view that is open in Neovim. */
export interface View {
  readonly sizes: Sizes
  /** Whether its windows are on the screen, and not in a tab page that is not shown. */
  readonly visible: boolean
  paint: (panes: readonly Pane[]) => void
  close: () => void
}

/** What is told of a view. */
export interface Watching {
  readonly press: (press: Press) => void | Promise<void>
  /** Neovim or its windows changed in size, or came back on the screen; the view knows it already. */
  readonly resized?: () => void
  /** The view is gone, whoever closed it. */
  readonly closed?: () => void
}

/** The command that opens the view again in a host that was started anew. */
export interface Reopening {
  readonly name: string
  readonly payload: unknown
}

/** The open views of this Neovim, one for each name. */
export interface Views {
  /** Opens a view, or takes over its windows where they are there already. */
  open: (shape: ViewShape, watching: Watching, reopening: Reopening) => Promise<View>
  pressed: (press: Press) => void | Promise<void>
  resized: (told: { readonly view: string; readonly sizes: Sizes }) => void
  shown: (told: { readonly view: string; readonly visible: boolean }) => void
  closed: (told: { readonly view: string }) => void
  /** Leaves all windows to another host. */
  end: () => void
}

/** Makes the table of views. */
export function createViews(editor: Editor, screen: Screen, fail: (thrown: unknown) => void): Views {
  const views = new Map<string, OpenView>()
  /** Keys that were pressed in windows of an earlier host, until their view is opened again. */
  let early: Press[] = []
  return {
    open: async (shape, watching, reopening) => {
      const before = views.get(shape.view)
      const sizes = (await editor.await('ui', 'open', shape, reopening)) as Sizes
      before?.watching.closed?.()
      const opened: OpenView = { watching, sizes, visible: true }
      views.set(shape.view, opened)
      const held = early.filter(({ view }) => view === shape.view)
      early = early.filter(({ view }) => view !== shape.view)
      for (const press of held) void pressed(watching, press).catch(fail)
      const isOurs = (): boolean => views.get(shape.view) === opened
      return viewOf(opened, {
        paint: (panes) => void (isOurs() && screen.paint(shape.view, panes)),
        close: () => void (isOurs() && editor.tell('ui', 'close', shape.view)),
      })
    },
    pressed: (told) => {
      const press = { ...told, row: told.row ?? null, lines: told.lines ?? null }
      const opened = views.get(press.view)
      if (opened !== undefined) return opened.watching.press(press)
      early = [...early, press].slice(-limit.editorQuestions)
    },
    resized: ({ view, sizes }) => {
      const opened = views.get(view)
      if (opened === undefined) return
      opened.sizes = sizes
      opened.watching.resized?.()
    },
    shown: ({ view, visible }) => {
      const opened = views.get(view)
      if (opened === undefined || opened.visible === visible) return
      opened.visible = visible
      if (visible) opened.watching.resized?.()
    },
    closed: ({ view }) => {
      const opened = views.get(view)
      views.delete(view)
      early = early.filter((press) => press.view !== view)
      screen.drop(view)
      opened?.watching.closed?.()
    },
    end: () => {
      const left = [...views]
      views.clear()
      for (const [view, { watching }] of left) {
        screen.drop(view)
        watching.closed?.()
      }
    },
  }
}

async function pressed({ press }: Watching, told: Press): Promise<void> {
  await press(told)
}

interface OpenView {
  readonly watching: Watching
  sizes: Sizes
  visible: boolean
}

/** What its owner has of a view: how it is now, and the ways to it. */
function viewOf(opened: OpenView, ways: Pick<View, 'paint' | 'close'>): View {
  return {
    ...ways,
    get sizes() {
      return opened.sizes
    },
    get visible() {
      return opened.visible
    },
  }
}
