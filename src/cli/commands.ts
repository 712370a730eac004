import type { Command } from './command.ts'
import { ack } from './command/ack.ts'
import { attach } from './command/attach.ts'
import { branch } from './command/branch.ts'
import { clean } from './command/clean.ts'
import { compare } from './command/compare.ts'
import { control } from './command/control.ts'
import { daemon } from './command/daemon.ts'
import { diff } from './command/diff.ts'
import { du } from './command/du.ts'
import { doctor } from './command/doctor.ts'
import { gc } from './command/gc.ts'
import { log } from './command/log.ts'
import { ls } from './command/ls.ts'
import { pick } from './command/pick.ts'
import { regions } from './command/regions.ts'
import { restoreRef } from './command/restore-ref.ts'
import { send } from './command/send.ts'
import { show } from './command/show.ts'
import { spawn } from './command/spawn.ts'
import { state } from './command/state.ts'
import { trust } from './command/trust.ts'
import { undo } from './command/undo.ts'
import { verify } from './command/verify.ts'
import { wait } from './command/wait.ts'

/** Every command of `kage`, in the order of help. */
export const commands: readonly Command[] = [
  spawn,
  compare,
  ls,
  show,
  wait,
  send,
  control('interrupt', 'Interrupts what agents do now, like Ctrl-C in their panes'),
  control('pause', 'Halts agents where they are; they keep their work'),
  control('resume', 'Lets paused agents go on; starts failed or stopped ones again'),
  control('stop', 'Ends agents; their work is kept'),
  attach,
  diff,
  branch,
  regions,
  pick,
  undo,
  ack,
  restoreRef,
  log,
  state,
  clean,
  gc,
  du,
  trust,
  daemon,
  doctor,
  verify,
]
