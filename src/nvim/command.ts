import type { Call } from './call.ts'
import type { Context } from './context.ts'

/** One command of Neovim: a row of the table in commands.ts, in a file of its own. */
export interface EditorCommand {
  readonly name: string
  readonly usage: string
  readonly summary: string
  readonly run: (context: Context, call: Call) => Promise<void>
}
