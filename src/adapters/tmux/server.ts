import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../process/run.ts'
import type { Outcome } from '../process/run.ts'
import { traced } from '../process/trace.ts'
import { prepareSocket } from './socket.ts'

/** A tmux server and how to reach it: nothing is started by naming it. */
export interface TmuxServer {
  readonly program: string
  readonly socket: string
  /** The whole environment of every tmux process that Kage starts. */
  readonly environment: Readonly<Record<string, string>>
  /** The configuration file of a server that Kage starts itself; tmux's own choice when absent. */
  readonly configuration?: string
}

/** Which server is meant: the person's word, else the asking client's, else Kage's own. */
export interface ServerWish {
  readonly kageTmux?: string | undefined
  /** The asking client's `$TMUX`. */
  readonly tmux?: string | undefined
  /** `$TMUX_TMPDIR` of the asking client. */
  readonly tmpdir?: string | undefined
  readonly uid: number
}

const inherited =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TZ|TERM|TERMINFO|XDG_CONFIG_HOME|TMUX_TMPDIR)$/

/** Names the socket of the wished server as tmux itself would. */
export function resolveServer(wish: ServerWish): string {
  if (wish.kageTmux?.includes('/')) return wish.kageTmux
  if (wish.kageTmux) return namedSocket(wish.kageTmux, wish)
  const asking = wish.tmux?.replace(/,[^,]*,[^,]*$/, '')
  return asking ? asking : namedSocket('kage', wish)
}

/** Keeps of an environment what tmux needs to work: no key or secret reaches a server that Kage starts. */
export function scrubbed(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(environment).filter(
    ([name, value]) => inherited.test(name) && value !== undefined,
  )
  return Object.fromEntries(entries) as Record<string, string>
}

/** Runs one tmux command as a process of its own; never starts a server unless told to. */
export function runTmux(
  server: TmuxServer,
  args: readonly string[],
  options: { start?: boolean; input?: string | Uint8Array } = {},
): Promise<Outcome> {
  const input = options.input === undefined ? {} : { input: options.input }
  const start = options.start ? startArguments(server) : ['-N']
  const begin = (): Promise<Outcome> =>
    run(server.program, ['-u', '-S', server.socket, ...start, ...args], {
      env: server.environment,
      timeoutMs: 10_000,
      ...input,
    })
  const words = (): string[] => [...args, `(a process of its own, ${server.socket})`]
  return traced('tmux', words, begin, ({ code, signal }) => `exit ${code ?? signal ?? 'unknown'}`)
}

function startArguments(server: TmuxServer): string[] {
  prepareSocket(server.socket)
  return server.configuration === undefined ? [] : ['-f', server.configuration]
}

function namedSocket(name: string, { tmpdir, uid }: ServerWish): string {
  for (const base of [tmpdir, '/tmp'])
    if (base) {
      const real = realPath(base)
      if (real !== null) return join(real, `tmux-${uid}`, name)
    }
  return join('/tmp', `tmux-${uid}`, name)
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}
