import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { send } from './send.ts'
import { processTable } from './table.ts'
import { startDeadline } from './deadline.ts'

export interface GroupOptions {
  readonly cwd: string
  /** The whole environment of the program: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly outputBytesMax: number
  readonly signal: AbortSignal
  /** Told of each piece of what it writes, in UTF-8. */
  readonly onOutput: (piece: string) => void
}

/** How it ended: by itself, or because its time was over, it was called off, or it wrote too much. */
export interface GroupEnd {
  readonly cause: 'exit' | 'time' | 'signal' | 'output'
  readonly code: number | null
  readonly signal: string | null
  /** Set where the program could not be started at all. */
  readonly problem: string | null
}

/**
 * Runs a program in a session of its own, without a terminal and with nothing to read, and ends with it everything that it
 * started, be it in its group or not: what left the group still carries a mark in its environment.
 */
export async function runGroup(
  program: string,
  args: readonly string[],
  options: GroupOptions,
): Promise<GroupEnd> {
  const mark = `KAGE_CALL=${randomUUID()}`
  const env = { ...options.env, KAGE_CALL: mark.slice('KAGE_CALL='.length) }
  const child = spawn(program, [...args], {
    cwd: options.cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let cause: GroupEnd['cause'] = 'exit'
  let killing: NodeJS.Timeout | null = null
  const end = (why: GroupEnd['cause']): void => {
    if (killing !== null) return
    cause = why
    signalGroup(child, 'SIGTERM')
    killing = setTimeout(() => void killAll(child, mark), termGraceMs)
  }
  const deadline = startDeadline(options.timeoutMs, () => end('time'))
  const onAbort = (): void => end('signal')
  options.signal.addEventListener('abort', onAbort)
  if (options.signal.aborted) onAbort()
  collect(child, options, () => end('output'))
  try {
    const { code, signal, problem } = await ended(child)
    await killAll(child, mark)
    await closed(child)
    return { cause, code, signal, problem }
  } finally {
    deadline.stop()
    if (killing !== null) clearTimeout(killing)
    options.signal.removeEventListener('abort', onAbort)
  }
}

function collect(child: ChildProcess, options: GroupOptions, onFlood: () => void): void {
  let bytes = 0
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    const decoder = new StringDecoder('utf8')
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > options.outputBytesMax) onFlood()
      else options.onOutput(decoder.write(chunk))
    })
    stream.on('end', () => options.onOutput(decoder.end()))
    stream.on('error', () => stream.destroy())
  }
}

function ended(child: ChildProcess): Promise<Omit<GroupEnd, 'cause'>> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, problem: error.message }))
    child.once('exit', (code, signal) => resolve({ code, signal, problem: null }))
  })
}

/** What is still in the pipes is read; whoever holds them open is waited for only a moment. */
async function closed(child: ChildProcess): Promise<void> {
  const open = [child.stdout, child.stderr].filter(
    (stream): stream is Readable => stream !== null && !stream.closed,
  )
  const all = Promise.all(open.map((stream) => new Promise((resolve) => stream.once('close', resolve))))
  await Promise.race([all, new Promise((resolve) => setTimeout(resolve, drainMs).unref())])
  for (const stream of open) stream.destroy()
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  send(-child.pid, signal)
  send(-child.pid, 'SIGCONT')
}

// Again and again, since they may start others meanwhile.
async function killAll(child: ChildProcess, mark: string): Promise<void> {
  if (child.pid === undefined) return
  for (let look = 0; look < looksMax; look++) {
    send(-child.pid, 'SIGKILL')
    const left = marked(mark)
    if (left.length === 0) return
    for (const pid of left) send(pid, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, betweenLooksMs))
  }
}

function marked(mark: string): number[] {
  return processTable
    .pids()
    .filter(
      (pid) => pid !== process.pid && `\0${processTable.environment(pid) ?? ''}`.includes(`\0${mark}\0`),
    )
}

const termGraceMs = 300
const drainMs = 500
const looksMax = 40
const betweenLooksMs = 10
