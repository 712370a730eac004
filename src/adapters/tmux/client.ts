import { spawn } from 'node:child_process'
import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process'
import { StringDecoder } from 'node:string_decoder'
import { limit } from '../../core/limit.ts'
import type { TmuxServer } from './server.ts'

/** A control client: lines in, lines out. */
export interface ControlClient {
  write: (text: string) => void
  /** Ends it politely and resolves when the server has forgotten it. */
  end: () => Promise<void>
  kill: () => void
}

export interface ControlListener {
  onLine: (line: string) => void
  /** Called once, whatever ended it. */
  onExit: (reason: string) => void
}

/**
 * Carries the answers through a pipe that stays open when this program dies: a control client whose last answers
 * cannot be written never ends, and a tmux server with such a client cannot end either.
 */
const carrier = `"$@" | { trap '' PIPE; exec tee /dev/null; }`

/** Attaches a control client to a session: it sizes nothing, receives no output of panes, and is read unconditionally. */
export function attachControl(server: TmuxServer, session: string, listener: ControlListener): ControlClient {
  const flags = 'ignore-size,no-output'
  const args = ['-N', '-u', '-S', server.socket, '-C', 'attach-session', '-E', '-t', session, '-f', flags]
  const child = spawn('/bin/sh', ['-c', carrier, 'kage', server.program, ...args], {
    env: { ...server.environment },
    stdio: 'pipe',
    detached: true,
  })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString('utf8')).slice(-500)))
  child.stdin.on('error', () => killGroup(child))
  readLines(child, listener.onLine)
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.once('error', (error) => (complaint = error.message))
  void closed.then(() => listener.onExit(complaint.trim() || 'the control client was detached'))
  return {
    write: (text) => void child.stdin.write(text),
    end: () => {
      child.stdin.end()
      const late = setTimeout(() => killGroup(child), limit.tmuxReconnectMs)
      return closed.finally(() => clearTimeout(late))
    },
    kill: () => killGroup(child),
  }
}

/** Kills a child that leads a group of its own, with all of the group; a dead one is left alone. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}

function readLines(child: ChildProcessWithoutNullStreams, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > limit.tmuxAnswerBytes) killGroup(child)
    for (const line of lines) onLine(line)
  })
}
