import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { NamedPart } from '../../core/language/outline.ts'
import { limit } from '../../core/limit.ts'
import { startDeadline } from '../process/deadline.ts'
import { grammarOf } from './grammar.ts'
import type { Wish } from './outline-worker.ts'

/** A text by a name that stands for its content, of a kind that its path tells. */
export interface Outlined {
  readonly blob: string
  readonly path: string
  readonly text: string
}

type Outline = readonly NamedPart[]

/**
 * The outlines of texts, each found once and kept. A thread finds them, which is ended with what takes too long; what
 * cannot be parsed, or is too large, has no parts.
 */
export class Outlines {
  readonly #kept = new Map<string, Outline>()
  #last: Promise<unknown> = Promise.resolve()

  /** The outline of a text as far as it is found. */
  of({ blob, path }: Pick<Outlined, 'blob' | 'path'>): Outline | null {
    return grammarOf(path) === null ? [] : (this.#kept.get(keyOf(blob, path)) ?? null)
  }

  /** Finds what is not found yet; it resolves when all is, or when nobody should wait any longer. It never rejects. */
  async find(texts: readonly Outlined[]): Promise<void> {
    const isMissing = (text: Outlined): boolean => this.of(text) === null
    if (!texts.some(isMissing)) return
    const found = this.#last.then(() => this.#findAll(texts.filter(isMissing)))
    this.#last = found
    await Promise.race([found, waited(limit.outlineWaitMs)])
  }

  async #findAll(texts: readonly Outlined[]): Promise<void> {
    const unique = new Map(texts.map((text) => [keyOf(text.blob, text.path), text]))
    const open = [...unique.values()].slice(0, limit.outlinesAtOnce)
    while (open.length > 0) {
      await inThread(open, (text, parts) => {
        open.splice(0, 1)
        this.#keep(text, parts)
      })
      // The thread ended at this one.
      const [failed] = open.splice(0, 1)
      if (failed !== undefined) this.#keep(failed, [])
    }
  }

  #keep({ blob, path }: Outlined, parts: Outline): void {
    this.#kept.set(keyOf(blob, path), parts)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > limit.outlinesKept && oldest !== undefined) this.#kept.delete(oldest)
  }
}

/** Outlines texts in order in a thread, until it is through or one of them takes too long. */
async function inThread(
  texts: readonly Outlined[],
  onFound: (text: Outlined, parts: Outline) => void,
): Promise<void> {
  const left = [...texts]
  const worker = new Worker(besideThisFile, { execArgv: [], name: 'kage-outline' })
  await new Promise<void>((resolve) => {
    let deadline = startDeadline(limit.outlineMs, resolve)
    const next = (): void => {
      deadline.stop()
      const [first] = left
      if (first === undefined) return resolve()
      deadline = startDeadline(limit.outlineMs, resolve)
      const isShort = first.text.length <= limit.outlineCharacters
      worker.postMessage({ path: first.path, text: isShort ? first.text : '' } satisfies Wish)
    }
    worker.on('message', (parts: Outline) => {
      const [first] = left.splice(0, 1)
      if (first !== undefined) onFound(first, parts)
      next()
    })
    worker.once('error', () => resolve())
    worker.once('exit', () => {
      deadline.stop()
      resolve()
    })
    next()
  })
  await worker.terminate()
}

function waited(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref()
  })
}

/** The parts of a content depend on how it is read. */
function keyOf(blob: string, path: string): string {
  return `${blob} ${grammarOf(path)?.file ?? ''}`
}

const besideThisFile = new URL(`./outline-worker${extname(import.meta.url)}`, import.meta.url)
