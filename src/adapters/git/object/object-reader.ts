// One open `cat-file` for each repository of Kage's own answers all that is read of it, for a process each time costs more than
// what it reads. Asked `contents <name>\0` or `info <name>\0`, it answers
//   <oid> <type> <size>\n<content>\n     (without the content for `info`), or   <name> missing\n
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { KageError } from '../../../core/error.ts'
import { limit } from '../../../core/limit.ts'
import type { ByteString, Oid } from '../../../core/merge/change.ts'
import { traced } from '../../process/trace.ts'
import { gitEnvironment } from '../command/environment.ts'
import { directoryOf, placeArguments } from '../command/git.ts'
import type { Own } from '../repository/own.ts'

/** An object as git has it; `content` is empty where only its size was asked for. */
export interface ReadObject {
  readonly oid: Oid
  readonly type: string
  readonly size: number
  readonly content: Buffer
}

const readers = new Map<string, ObjectReader>()

/** Reads objects by their names (bytes: an id, or `<tree>:<path>`) in their order; null for what is missing. */
export async function readObjects(
  own: Own,
  names: readonly ByteString[],
  what: 'contents' | 'info' = 'contents',
): Promise<(ReadObject | null)[]> {
  if (names.length === 0) return []
  const words = (): string[] => ['cat-file', `(${own.directory}, open process, ${names.length} objects)`]
  return traced('git', words, () => readTraced(own, names, what))
}

async function readTraced(
  own: Own,
  names: readonly ByteString[],
  what: 'contents' | 'info',
): Promise<(ReadObject | null)[]> {
  const known = readers.get(own.directory)
  if (known?.isOpen === true) {
    const found = await known.ask(names, what).catch(() => null)
    // What came since by another way than a new pack is seen by a new process only.
    if (found !== null && !found.includes(null)) return found
    known.close()
  }
  const reader = new ObjectReader(
    own,
    () => readers.get(own.directory) === reader && readers.delete(own.directory),
  )
  readers.set(own.directory, reader)
  return reader.ask(names, what)
}

/** Ends the open reader of a repository of Kage's own, which may know files that are gone. */
export function evictReader(own: Own): void {
  readers.get(own.directory)?.close()
}

interface Question {
  readonly name: ByteString
  readonly hasContent: boolean
  readonly answer: (object: ReadObject | null) => void
  readonly fail: (error: KageError) => void
}

type Child = ChildProcessByStdio<Writable, Readable, null>

class ObjectReader {
  readonly #child: Child
  readonly #onEnd: () => void
  readonly #questions: Question[] = []
  #chunks: Buffer[] = []
  #length = 0
  #wanted = 1
  #idle: NodeJS.Timeout | null = null
  #open = true

  constructor(own: Own, onEnd: () => void) {
    this.#onEnd = onEnd
    const args = [...placeArguments(own.place), 'cat-file', '--batch-command', '-z']
    this.#child = spawn('git', args, {
      cwd: directoryOf(own.place),
      env: gitEnvironment(false),
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    this.#child.on('error', () => this.close())
    this.#child.on('close', () => this.close())
    this.#child.stdin.on('error', () => this.close())
    this.#child.stdout.on('data', (chunk: Buffer) => this.#hear(chunk))
  }

  get isOpen(): boolean {
    return this.#open
  }

  ask(names: readonly ByteString[], what: 'contents' | 'info'): Promise<(ReadObject | null)[]> {
    this.#hold(true)
    const answers = names.map(
      (name) =>
        new Promise<ReadObject | null>((answer, fail) => {
          if (this.#open) this.#questions.push({ name, hasContent: what === 'contents', answer, fail })
          else fail(failed())
        }),
    )
    if (this.#open)
      this.#child.stdin.write(Buffer.from(names.map((name) => `${what} ${name}\0`).join(''), 'latin1'))
    return Promise.all(answers)
  }

  /** Ends it; what is not answered yet fails. */
  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#hold(false)
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#child.stdin.destroy()
    this.#child.kill()
    for (const { fail } of this.#questions.splice(0)) fail(failed())
    this.#onEnd()
  }

  #hear(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#length < this.#wanted) return
    let rest = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    for (let question = this.#questions[0]; question !== undefined; question = this.#questions[0]) {
      const read = readAnswer(rest, question)
      if (typeof read === 'number') {
        this.#wanted = read
        break
      }
      this.#questions.shift()
      question.answer(read.object)
      rest = rest.subarray(read.end)
      this.#wanted = 1
    }
    this.#chunks = [rest]
    this.#length = rest.length
    if (this.#questions.length === 0) this.#rest()
  }

  /** Nothing is asked: it neither keeps a program alive nor stays for long. */
  #rest(): void {
    this.#hold(false)
    this.#idle = setTimeout(() => this.close(), limit.gitIdleMs).unref()
  }

  #hold(isHeld: boolean): void {
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#idle = null
    const streams = [this.#child.stdin, this.#child.stdout] as unknown as Socket[]
    for (const each of [this.#child, ...streams]) {
      if (isHeld) each.ref()
      else each.unref()
    }
  }
}

/** The answer at the beginning of the output, or how many bytes it takes to tell. */
function readAnswer(
  output: Buffer,
  { name, hasContent }: Question,
): { readonly object: ReadObject | null; readonly end: number } | number {
  const missing = Buffer.from(`${name} missing\n`, 'latin1')
  if (output.length >= missing.length && output.subarray(0, missing.length).equals(missing))
    return { object: null, end: missing.length }
  const headEnd = output.indexOf(0x0a)
  if (headEnd === -1) return output.length + 1
  const [, oid = '', type = '', size = ''] =
    /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(output.toString('latin1', 0, headEnd)) ?? []
  // A name with a line feed that is missing, of which there is only a part yet.
  if (oid === '') return Math.max(output.length + 1, missing.length)
  const start = headEnd + 1
  const end = hasContent ? start + Number(size) : start
  if (hasContent && output.length < end + 1) return end + 1
  const object = { oid, type, size: Number(size), content: output.subarray(start, end) }
  return { object, end: hasContent ? end + 1 : end }
}

function failed(): KageError {
  return new KageError('KAGE_GIT_FAILED', 'git cat-file ended before it had answered.')
}
