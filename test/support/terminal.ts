import type { PrivateServer } from './tmux-server.ts'
import { privateServer } from './tmux-server.ts'

/** A real terminal of a given size: a pane of another private tmux server. */
export interface Terminal {
  /** Types keys by tmux's names. */
  readonly type: (...keys: string[]) => void
  readonly screen: () => string
}

/** Attaches an ordinary client to a session of the server, in a terminal of its own. */
export function attachTerminal(
  server: Pick<PrivateServer, 'program' | 'socket'>,
  session: string,
  columns = 100,
  rows = 30,
): Terminal {
  const outer = privateServer({ start: false })
  const size = ['-x', String(columns), '-y', String(rows)]
  const command = [
    'env',
    '-u',
    'TMUX',
    server.program,
    '-u',
    '-S',
    server.socket,
    'attach-session',
    '-t',
    session,
  ]
  outer.tmux('new-session', '-d', '-s', 'terminal', ...size, '--', ...command)
  outer.tmux('set-option', '-g', 'status', 'off')
  return {
    type: (...keys) => void outer.tmux('send-keys', '-t', 'terminal', ...keys),
    screen: () => outer.tmux('capture-pane', '-p', '-t', 'terminal'),
  }
}
