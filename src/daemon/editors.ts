import { randomUUID } from 'node:crypto'
import { limit } from '../core/limit.ts'

interface Question {
  readonly files: Set<string>
  /** How many editors have not answered yet. */
  left: number
  readonly settle: () => void
}

/**
 * The Neovims that are connected. Each host waits for a question; a landing asks all of them for the files that have unsaved
 * changes, so nothing is polled.
 */
export class Editors {
  readonly #waiting = new Set<(question: string) => void>()
  readonly #questions = new Map<string, Question>()

  /** Resolves with the next question to this editor, or with null when it is gone. */
  nextQuestion(gone: AbortSignal): Promise<string | null> {
    return new Promise((resolve) => {
      const onGone = (): void => {
        this.#waiting.delete(ask)
        resolve(null)
      }
      const ask = (question: string): void => {
        gone.removeEventListener('abort', onGone)
        this.#waiting.delete(ask)
        resolve(question)
      }
      gone.addEventListener('abort', onGone)
      this.#waiting.add(ask)
    })
  }

  /** One editor's answer: the absolute, real paths of its files with unsaved changes. */
  answer(id: string, files: readonly string[]): void {
    const question = this.#questions.get(id)
    if (question === undefined) return
    for (const file of files) question.files.add(file)
    question.left--
    if (question.left <= 0) question.settle()
  }

  /** The files that have unsaved changes in any editor; one that does not answer in time counts as having none. */
  unsaved(): Promise<ReadonlySet<string>> {
    const asked = [...this.#waiting]
    const files = new Set<string>()
    if (asked.length === 0) return Promise.resolve(files)
    const id = randomUUID()
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer)
        this.#questions.delete(id)
        resolve(files)
      }
      const timer = setTimeout(settle, limit.unsavedAnswerMs)
      this.#questions.set(id, { files, left: asked.length, settle })
      for (const ask of asked) ask(id)
    })
  }
}
