import type { EditorCommand } from './command.ts'
import { ack } from './command/ack.ts'
import { clean } from './command/clean.ts'
import { compare } from './command/compare.ts'
import { control } from './command/control.ts'
import { cost } from './command/cost.ts'
import { dash } from './command/dash.ts'
import { jump } from './command/jump.ts'
import { later } from './command/later.ts'
import { log } from './command/log.ts'
import { review } from './command/review.ts'
import { send } from './command/send.ts'
import { spawn } from './command/spawn.ts'
import { undo } from './command/undo.ts'
import { walk } from './command/walk.ts'

/** Every command that the host carries out, in the order of help; `health` and `restart` are Lua's own. */
export const commands: readonly EditorCommand[] = [
  spawn,
  later('plan', 'TASK', 'A planned run'),
  compare,
  dash,
  review,
  walk('next', 1, 'The next agent’s worktree, in a tab page of its own'),
  walk('prev', -1, 'The previous agent’s worktree'),
  jump,
  send,
  control('interrupt', 'Interrupts what agents do now, like Ctrl-C in their panes'),
  control('pause', 'Halts agents where they are; they keep their work'),
  control('resume', 'Lets paused agents go on; starts failed or stopped ones again'),
  control('stop', 'Ends agents; their work is kept'),
  later('check', 'ID', 'Runs the checks of the project'),
  later('judge', 'RUN', 'Asks for a verdict'),
  undo,
  ack,
  log,
  cost,
  clean,
]

/** The command of a name, or null. */
export function commandOf(name: string): EditorCommand | null {
  return commands.find((command) => command.name === name) ?? null
}
