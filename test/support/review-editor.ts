import { expect } from 'vitest'
import type { House } from './kage.ts'
import { type Editor, type NeovimOptions, startNeovim } from './neovim.ts'
import { until } from './until.ts'

/** A real Neovim with the review of the newest run open. */
export interface ReviewEditor extends Editor {
  /** What is decided, by the region's id, as the screen shows it: `✓2`, `own`, or nothing. */
  readonly marks: () => Readonly<Record<string, string>>
  /** Waits until the screen shows these marks and no other. */
  readonly decided: (marks: Readonly<Record<string, string>>) => Promise<void>
  /** The right pane's lines, without what is outside. */
  readonly right: () => string[]
  /** Waits until a message holds the text. */
  readonly says: (text: string | RegExp) => Promise<string>
}

/** Starts a Neovim in a repository, or takes one that runs, and opens the review with `:KageReview`. */
export async function startReview(
  house: House,
  repository: string,
  options: NeovimOptions = {},
  running: Editor | null = null,
): Promise<ReviewEditor> {
  const editor = running ?? (await startNeovim(house, repository, { columns: 110, rows: 34, ...options }))
  const marks = (): Record<string, string> => {
    const found = editor.screen().matchAll(/│(....) (g\d+(?:\/\d+)?) /g)
    return Object.fromEntries([...found].map(([, mark = '', id = '']) => [id, mark.trim()]))
  }
  const review: ReviewEditor = {
    ...editor,
    marks,
    decided: async (wanted) => {
      const shown = (): Record<string, string> =>
        Object.fromEntries(Object.entries(marks()).filter(([, mark]) => mark !== ''))
      await until(() => JSON.stringify(shown()) === JSON.stringify(wanted)).catch(() => {
        expect(shown(), editor.screen()).toEqual(wanted)
      })
    },
    right: () =>
      editor
        .screen()
        .split('\n')
        .flatMap((line) => /││(.*)│$/.exec(line)?.[1]?.trimEnd() ?? [])
        .filter((line) => line !== ''),
    says: (text) =>
      until(async () => {
        const notes = await editor.notes()
        return (
          notes.find((note) => (typeof text === 'string' ? note.includes(text) : text.test(note))) ?? null
        )
      }),
  }
  await reopenReview(review)
  return review
}

/** Opens the review in a Neovim that runs. */
export async function reopenReview(editor: Editor): Promise<void> {
  editor.command('KageReview')
  await editor.shows(/\d+ of \d+ open/)
}
