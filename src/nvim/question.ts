import { KageError } from '../core/error.ts'
import { limit } from '../core/limit.ts'
import type { Editor } from './editor.ts'

/** Questions to the person; each answer is null when they would rather not. */
export interface Questions {
  /** One of several, by `vim.ui.select`. */
  select: <T>(
    prompt: string,
    choices: readonly { readonly label: string; readonly value: T }[],
  ) => Promise<T | null>
  /** A line, by `vim.ui.input`. */
  input: (prompt: string, preset?: string) => Promise<string | null>
  /** The same of a line that is there; an empty answer is one. */
  edit: (prompt: string, preset: string) => Promise<string | null>
  /** Shows lines in a float where `y` is yes; `yes` says what that does, null where there is nothing to say yes to. */
  confirm: (lines: readonly string[], yes: string | null) => Promise<boolean>
  /** Shows lines, some in a highlight group (0-based rows), in a float where one of the keys is the answer; below stands a legend. */
  choose: (
    lines: readonly string[],
    keys: readonly string[],
    marks: readonly (readonly [row: number, group: string])[],
    legend?: string,
  ) => Promise<string | null>
  /** Takes an answer that Lua sent. */
  answer: (payload: { readonly id: string; readonly value: unknown }) => void
}

/** Makes the way to ask; a question may stay open for as long as the person likes. */
export function createQuestions(editor: Pick<Editor, 'tell'>): Questions {
  // No two hosts ask under one id: an answer never reaches what another one asked.
  const open = new Map<string, (value: unknown) => void>()
  const ask = (name: string, ...args: readonly unknown[]): Promise<unknown> => {
    if (open.size >= limit.editorQuestions)
      throw new KageError('KAGE_LIMIT', 'Too many questions are open.', 'Answer one of them first.')
    const id = crypto.randomUUID()
    editor.tell('question', name, id, ...args)
    return new Promise((resolve) => open.set(id, resolve))
  }
  const edit: Questions['edit'] = async (prompt, preset) => {
    const text = await ask('input', prompt, preset)
    return typeof text === 'string' ? text : null
  }
  const select: Questions['select'] = async (prompt, choices) => {
    const labels = choices.map(({ label }) => label)
    const chosen = await ask('select', labels, prompt)
    return typeof chosen === 'number' ? (choices[chosen - 1]?.value ?? null) : null
  }
  return {
    select,
    input: async (prompt, preset = '') => {
      const text = await edit(prompt, preset)
      return text === null || text.trim() === '' ? null : text
    },
    edit,
    confirm: async (lines, yes) => (await ask('confirm', lines, yes)) === true,
    choose: async (lines, keys, marks, legend = 'q cancel') => {
      const key = await ask('choose', lines, keys, marks, legend)
      return typeof key === 'string' ? key : null
    },
    answer: ({ id, value }) => {
      const resolve = open.get(id)
      open.delete(id)
      if (resolve !== undefined) return resolve(value)
      if (value !== null && value !== false)
        editor.tell('notice', 'warn', 'the host that asked this is gone, and nothing was done; do it again')
    },
  }
}
