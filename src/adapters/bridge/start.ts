import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Directories } from '../../core/directory.ts'
import { type Fault, KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { daemonVariables } from '../../core/secret-variables.ts'
import { startDetached } from '../process/detach.ts'
import { makePrivateDirectory } from '../process/private-directory.ts'
import { run } from '../process/run.ts'
import { processTable } from '../process/table.ts'
import { personSocket, prepareSocketDirectory } from './socket-path.ts'

const program = fileURLToPath(new URL('daemon.js', import.meta.url))

/** A daemon that mostly waits needs little room for what is soon forgotten, and never gives back what it once took. */
const frugal = '--max-semi-space-size=2'

/** Starts the daemon and resolves when one listens, this one or another that was quicker. */
export async function startDaemon(
  places: Directories,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const socket = personSocket(places.runtime)
  prepareSocketDirectory(socket)
  makePrivateDirectory(places.state)
  const deadline = Date.now() + limit.daemonStartMs
  while (Date.now() < deadline) {
    const said = await startDetached(process.execPath, [frugal, program, 'started'], {
      // Its own environment can be read by whoever may read /proc: what it takes keys from goes another way.
      env: daemonVariables(withoutMarks(environment)),
      input: JSON.stringify(withoutMarks(environment)),
      logFile: join(places.state, 'daemon.err'),
      cwd: '/',
    })
    const readiness = parse(said)
    if ('fault' in readiness)
      throw new KageError(readiness.fault.code, readiness.fault.message, readiness.fault.hint)
    if ('ready' in readiness || (await listens(socket))) return
  }
  throw new KageError('KAGE_DAEMON_UNREACHABLE', 'Another daemon holds the lock, but does not listen.')
}

/** A daemon that an agent happens to start is not that agent's. */
function withoutMarks(environment: Readonly<Record<string, string>>): Record<string, string> {
  const {
    KAGE_AGENT: _agent,
    KAGE_RUN: _run,
    KAGE_TASK_FILE: _task,
    KAGE_SOCKET: _socket,
    ...rest
  } = environment
  return rest
}

/** Whether a daemon still runs; one that has ended and that nobody reaps does not. */
export function isRunning(pid: number): boolean {
  const facts = processTable.facts(pid)
  return facts !== null && facts.state !== 'Z'
}

/** What the daemon's own program finds out about this machine, without any daemon: the JSON document of `kage doctor`. */
export async function examineMachine(
  environment: Readonly<Record<string, string>>,
  directory: string,
): Promise<unknown> {
  const outcome = await run(process.execPath, [program, 'doctor', directory], {
    env: environment,
    timeoutMs: limit.daemonStartMs,
  })
  try {
    return JSON.parse(outcome.stdout.toString('utf8'))
  } catch {
    throw new KageError(
      'KAGE_INTERNAL',
      `The examination ended with ${outcome.code}: ${outcome.stderr.slice(-500)}`,
    )
  }
}

function parse(said: string): { ready: string } | { other: true } | { fault: Fault } {
  try {
    return JSON.parse(said) as { ready: string } | { other: true } | { fault: Fault }
  } catch {
    throw new KageError(
      'KAGE_DAEMON_UNREACHABLE',
      'The daemon ended before it was ready; daemon.err in the state directory may say why.',
    )
  }
}

/** Waits for a daemon that holds the lock but does not listen yet; false when it may have ended instead. */
async function listens(socket: string): Promise<boolean> {
  const deadline = Date.now() + limit.lockWaitMs
  for (;;) {
    if (await answers(socket)) return true
    if (Date.now() > deadline) return false
    await pause(20)
  }
}

/** A socket's file may be left of a daemon that was killed: only a connection proves that one listens. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ path })
    const settle = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}
