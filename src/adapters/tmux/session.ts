import { setTimeout as delay } from 'node:timers/promises'
import { KageError } from '../../core/error.ts'
import type { ServerIdentity } from '../../core/event.ts'
import { limit } from '../../core/limit.ts'
import { refuseManualSize, sizePolicy } from './manual-size.ts'
import { runTmux } from './server.ts'
import type { TmuxServer } from './server.ts'

/** A server that answers, with its own version: a newer program may speak to an older server. */
export interface RunningServer extends ServerIdentity {
  readonly version: string
}

const names = ['kage', 'kage-2', 'kage-3', 'kage-4', 'kage-5'] as const

/** Keeps Kage's session open without a shell in it; it ends with its terminal. */
const keeper = `trap '' INT QUIT TSTP; printf 'Kage keeps its agents in this session.\\n'; while cat >/dev/null; do :; done`

/** Tells which server answers at the socket, or null when none runs. */
export async function identify(server: TmuxServer): Promise<RunningServer | null> {
  const outcome = await runTmux(server, ['display-message', '-p', '#{pid} #{start_time} #{version}'])
  const match = /^(\d+) (\d+) (\S*)$/m.exec(outcome.stdout.toString('utf8'))
  if (match)
    return {
      socket: server.socket,
      pid: Number(match[1]),
      startedAt: Number(match[2]),
      version: match[3] ?? '',
    }
  if (isAbsent(outcome.stderr)) return null
  throw noAnswer(server, outcome.stderr)
}

/** Starts the server with Kage's own session unless one runs already; waits while an old one is dying. */
export async function startServer(server: TmuxServer): Promise<RunningServer> {
  const deadline = Date.now() + limit.tmuxStartMs
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 2, 200)) {
    const identity = await identify(server).catch(() => null)
    if (identity) return identity
    const outcome = await runTmux(server, newSession('kage'), { start: true })
    if (outcome.code !== 0 && Date.now() > deadline)
      throw new KageError('KAGE_TMUX_FAILED', `No tmux server could be started: ${outcome.stderr.trim()}`)
    if (outcome.code !== 0) await delay(pauseMs)
  }
}

/** Finds Kage's own session on a running server, making it when absent; answers its id, like `$3`. */
export async function ensureSession(server: TmuxServer): Promise<string> {
  for (const name of names) {
    const found = await findSession(server)
    if (found !== null) return found
    await refuseCrash(server)
    await runTmux(server, newSession(name))
  }
  const found = await findSession(server)
  if (found !== null) return found
  throw new KageError('KAGE_TMUX_FAILED', `Every session name from ${names[0]} to ${names.at(-1)} is taken.`)
}

async function refuseCrash(server: TmuxServer): Promise<void> {
  const [running, policy] = await Promise.all([identify(server), runTmux(server, sizePolicy)])
  refuseManualSize(policy.stdout.toString('utf8').trim(), running?.version ?? '')
}

async function findSession(server: TmuxServer): Promise<string | null> {
  const outcome = await runTmux(server, ['list-sessions', '-F', '#{session_id} #{@kage_session}'])
  if (outcome.code !== 0) throw noAnswer(server, outcome.stderr)
  return /^(\$\d+) own$/m.exec(outcome.stdout.toString('utf8'))?.[1] ?? null
}

function newSession(name: string): string[] {
  const size = ['-x', String(limit.windowColumns), '-y', String(limit.windowRows)]
  const target = `=${name}:`
  const commands = [
    ['new-session', '-d', '-E', '-s', name, '-n', 'kage', ...size, '-c', '/', '--', '/bin/sh', '-c', keeper],
    ['set-option', '-t', target, 'destroy-unattached', 'off'],
    ['set-option', '-t', target, '@kage_session', 'own'],
    ['set-option', '-t', target, 'history-limit', String(limit.historyLines)],
    ['resize-window', '-t', target, ...size],
    ['set-option', '-w', '-t', target, 'window-size', 'latest'],
    ['set-option', '-w', '-t', target, 'automatic-rename', 'off'],
  ]
  return commands.flatMap((command, index) => (index === 0 ? command : [';', ...command]))
}

function noAnswer({ socket }: TmuxServer, complaint: string): KageError {
  if (isAbsent(complaint)) return new KageError('KAGE_TMUX_LOST', `No tmux server runs at ${socket}.`)
  return new KageError(
    'KAGE_TMUX_FAILED',
    `The tmux server at ${socket} does not answer: ${complaint.trim()}`,
  )
}

function isAbsent(complaint: string): boolean {
  return /no server running|No such file or directory|Connection refused|server exited|lost server/.test(
    complaint,
  )
}
