import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { Parts } from '../parts.ts'

/** Waits for the next question to a Neovim: which of its files have unsaved changes. */
export async function editorQuestion(
  { editors }: Parts,
  _: PersonParams['editorQuestion'],
  gone: AbortSignal,
): Promise<Results['editorQuestion']> {
  return { question: await editors.nextQuestion(gone) }
}

/** A Neovim's answer to such a question. */
export function editorAnswer(
  { editors }: Parts,
  { question, unsaved }: PersonParams['editorAnswer'],
): Results['editorAnswer'] {
  editors.answer(question, unsaved)
  return { ok: true }
}
