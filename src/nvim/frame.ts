/** A highlighted part of a line: row (0-based), byte columns [start, end), and the name of a highlight group of Kage's. */
export type Mark = readonly [row: number, start: number, end: number, group: string]

/** Lines of code among a pane's: rows [first, last), each behind two columns that are no code, of a file's kind. */
export interface Code {
  readonly path: string
  readonly blocks: readonly (readonly [first: number, last: number])[]
}

/** What one window of a view shows; Lua paints it in one call and keeps the cursor on its row's name. */
export interface Pane {
  readonly name: string
  readonly title: string
  /** The legend of the keys. */
  readonly footer: string
  readonly lines: readonly string[]
  readonly marks: readonly Mark[]
  /** What Neovim colours as it would in its own file. */
  readonly code?: Code
  /** What each line is about (`r1/coder-1`, `g3`…), null for none: keys that are pressed there send it back. */
  readonly rows: readonly (string | null)[]
  /** The row name to put the cursor on; null leaves it on the name it is on. */
  readonly cursor: string | null
}

/** A pane of which only some lines are told: they take the place of lines [from, until) of what was painted last. */
export interface PanePart extends Pane {
  readonly from: number
  readonly until: number
}

/** One state of a view; a frame whose number is not higher than the last painted one is ignored. */
export interface Frame {
  readonly view: string
  readonly seq: number
  readonly panes: readonly (Pane | PanePart)[]
}

/** How a view is opened: its windows and its buffer-local keys, each backed by a `<Plug>` map. */
export interface ViewShape {
  readonly view: string
  /** `float`: one float over the current tab; `tab`: floats in a tab page of its own. */
  readonly place: 'float' | 'tab'
  readonly panes: readonly {
    readonly name: string
    /** What its buffer is called, as tab and status lines show it; no two of Neovim's are called the same. */
    readonly buffer: string
    readonly filetype: string
    /** Share of the width, for panes side by side; all shares of a view add up to 1. */
    readonly share: number
  }[]
  readonly keys: readonly ViewKey[]
  /** What the view's lines use without saying it, told before the keys by `?`. */
  readonly signs?: readonly ViewSign[]
}

/** A sign of a view's lines and what it means. */
export type ViewSign = readonly [sign: string, meaning: string]

export interface ViewKey {
  readonly key: string
  /** Empty for what is only listed among the keys, like `:w`. */
  readonly modes: 'n' | 'x' | 'nx' | ''
  /** What Lua sends to the host when it is pressed; the `<Plug>` map is `<Plug>(kage-<view>-<action>)`. */
  readonly action: string
  readonly help: string
  /** What `?` has in place of the key; empty where another entry stands for it. */
  readonly listed?: string
}

/** A key that was pressed in a view: where, with the count and in visual mode the lines that were selected. */
export interface Press {
  readonly view: string
  readonly action: string
  readonly pane: string
  readonly row: string | null
  /** 1-based line of the cursor in the pane. */
  readonly line: number
  readonly count: number
  readonly lines: readonly [first: number, last: number] | null
}
