import { onTestFinished } from 'vitest'
import type { Control, ControlOptions } from '../../src/adapters/tmux/control.ts'
import { openControl } from '../../src/adapters/tmux/control.ts'
import type { PaneWish } from '../../src/adapters/tmux/wish.ts'
import type { TmuxServer } from '../../src/adapters/tmux/server.ts'

/** Opens the control connection of a server and closes it when the test ends. */
export async function controlOf(server: TmuxServer, options: ControlOptions = {}): Promise<Control> {
  const control = await openControl(server, options)
  onTestFinished(() => control.close())
  return control
}

/** A wish for a pane that runs a shell script. */
export function wishFor(agent: string, script = 'exec cat', more: Partial<PaneWish> = {}): PaneWish {
  const window = agent.slice(0, agent.indexOf('/'))
  const argv = ['/bin/sh', '-c', script] as const
  return { agent, window, cwd: '/', argv, outputFile: null, bell: 'kage-bell-test', ...more }
}
