import { statSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Directories } from '../../core/directory.ts'
import { type Fault, KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { daemonVariables } from '../../core/secret-variables.ts'
import { startDetached } from '../process/detach.ts'
import { readHolder } from '../process/lock-holder.ts'
import { makePrivateDirectory } from '../process/private-directory.ts'
import { run } from '../process/run.ts'
import { processTable } from '../process/table.ts'
import { lockHeld } from './held.ts'
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
    const readiness = parse(said, places)
    if ('fault' in readiness)
      throw new KageError(readiness.fault.code, readiness.fault.message, readiness.fault.hint)
    if ('ready' in readiness || (await listens(socket))) return
    const holder = readHolder(places.state)
    if (holder !== null && holder.socket !== socket) throw lockHeld(places, socket, holder)
  }
  throw lockHeld(places, socket, readHolder(places.state))
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

/** Runs the daemon's own program for one answer, without any daemon: `doctor`, `verify` or `salvage`; its fault is thrown. */
export async function askProgram(
  environment: Readonly<Record<string, string>>,
  words: readonly string[],
): Promise<unknown> {
  const outcome = await run(process.execPath, [program, ...words], {
    env: environment,
    timeoutMs: limit.verifyMs,
  })
  const answer = documentIn(outcome.stdout.toString('utf8'))
  if (answer === null) {
    const message = `The daemon's program (${words[0]}) ended with ${outcome.code}: ${outcome.stderr.slice(-500)}`
    throw new KageError('KAGE_INTERNAL', message)
  }
  if (!('fault' in answer)) return answer
  const { code, message, hint } = answer.fault as Fault
  throw new KageError(code, message, hint)
}

function documentIn(text: string): object | null {
  try {
    return JSON.parse(text) as object
  } catch {
    return null
  }
}

function parse(said: string, places: Directories): { ready: string } | { other: true } | { fault: Fault } {
  try {
    return JSON.parse(said) as { ready: string } | { other: true } | { fault: Fault }
  } catch {
    throw new KageError('KAGE_DAEMON_UNREACHABLE', 'The daemon ended before it was ready.', hintOf(places))
  }
}

/** Names the file that says why, if one does. */
function hintOf({ state }: Directories): string {
  const spoken = ['daemon.err', 'daemon.log'].map((name) => join(state, name)).filter(isFilled)
  return spoken.length === 0
    ? '`kage doctor` tells more.'
    : `${spoken.join(' and ')} may say why; \`kage doctor\` tells more.`
}

function isFilled(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0
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
