import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'

export interface OpenOptions {
  readonly cwd: string
  /** The whole environment of the program: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
}

export interface Question {
  readonly text: Uint8Array
  /** What the answer ends with, and nothing else holds; null: the program's input is closed, its end ends the answer. */
  readonly end: Uint8Array | null
  readonly timeoutMs: number
  readonly outputBytesMax: number
}

interface Answering {
  readonly end: Uint8Array | null
  readonly chunks: Buffer[]
  room: number
  readonly settle: (answer: Buffer | null) => void
}

/** A program that is open for questions, one at a time; by itself it keeps nothing of ours from ending, and ends with us. */
export class OpenProgram {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  #answering: Answering | null = null
  #isOpen = true

  constructor(program: string, args: readonly string[], { cwd, env }: OpenOptions) {
    this.#child = spawn(program, [...args], { cwd, env: { ...env }, stdio: ['pipe', 'pipe', 'ignore'] })
    this.#child.stdin.on('error', () => {})
    this.#child.stdout.on('data', (chunk: Buffer) => this.#read(chunk))
    this.#child.on('error', () => this.#ended(null))
    this.#child.on('close', (code) => this.#ended(code))
    this.#hold(false)
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** The answer without its end; null when another question is being answered, and when the program ends without one. */
  ask({ text, end, timeoutMs, outputBytesMax }: Question): Promise<Buffer | null> {
    if (!this.#isOpen || this.#answering !== null) return Promise.resolve(null)
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#giveUp(), timeoutMs)
      const settle = (answer: Buffer | null): void => {
        clearTimeout(timer)
        this.#answering = null
        this.#hold(false)
        resolve(answer)
      }
      this.#answering = { end, chunks: [], room: outputBytesMax, settle }
      this.#hold(true)
      this.#child.stdin.write(text)
      if (end === null) this.close()
    })
  }

  /** Takes no question any more: the program ends when it has answered. */
  close(): void {
    this.#isOpen = false
    this.#child.stdin.end()
  }

  #read(chunk: Buffer): void {
    const answering = this.#answering
    if (answering === null) return
    answering.chunks.push(chunk)
    answering.room -= chunk.length
    if (answering.room < 0) return this.#giveUp()
    const { end, chunks } = answering
    if (end === null || !endsWith(chunks, end)) return
    const bytes = Buffer.concat(chunks)
    answering.settle(bytes.subarray(0, bytes.length - end.length))
  }

  #ended(code: number | null): void {
    this.#isOpen = false
    const { end, chunks, settle } = this.#answering ?? {}
    settle?.(end === null && code === 0 ? Buffer.concat(chunks ?? []) : null)
  }

  #giveUp(): void {
    this.#isOpen = false
    this.#child.kill('SIGKILL')
    this.#answering?.settle(null)
  }

  /** While it answers, we do not end before it. */
  #hold(isHeld: boolean): void {
    const pipes = [this.#child.stdin, this.#child.stdout] as readonly unknown[] as readonly Socket[]
    for (const each of [this.#child, ...pipes]) {
      if (isHeld) each.ref()
      else each.unref()
    }
  }
}

function endsWith(chunks: readonly Buffer[], end: Uint8Array): boolean {
  let length = 0
  const last: Buffer[] = []
  for (let at = chunks.length - 1; at >= 0 && length < end.length; at--) {
    const chunk = chunks[at] ?? Buffer.of()
    last.unshift(chunk)
    length += chunk.length
  }
  return (
    length >= end.length &&
    Buffer.concat(last.map((each) => each.subarray(-end.length)))
      .subarray(-end.length)
      .equals(end)
  )
}
