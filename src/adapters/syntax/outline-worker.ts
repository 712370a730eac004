import { parentPort } from 'node:worker_threads'
import { grammarOf } from './grammar.ts'
import { outlineOf } from './outline.ts'

/** A text to be outlined; it is answered with its named parts. */
export interface Wish {
  readonly path: string
  readonly text: string
}

// One at a time; the thread ends with what no parser gets through, since the parser is of no use any more then.
parentPort?.on('message', ({ path, text }: Wish) => {
  const grammar = grammarOf(path)
  const found = grammar === null ? Promise.resolve([]) : outlineOf(text, grammar)
  void found.then((parts) => parentPort?.postMessage(parts))
})
