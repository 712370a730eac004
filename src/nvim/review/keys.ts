import type { ViewKey, ViewSign } from '../frame.ts'

const numbers = Array.from({ length: 9 }, (_, index): ViewKey => {
  const key = String(index + 1)
  const listed = index === 0 ? '1 … 9' : ''
  return { key, modes: 'n', action: `take-${key}`, help: `take what candidate ${key} made, go on`, listed }
})

/** What the lines of the left pane say in short. */
export const reviewSigns: readonly ViewSign[] = [
  ['✓2', 'what 2 made is taken, and not landed yet'],
  ['●2', 'it has landed'],
  ['○2', 'it landed and was thrown away since; 2 takes it again'],
  ['✓0', 'the base is kept'],
  ['✓own', 'taken as no agent made it: edited, joined, some lines'],
  ['1=3', '1 and 3 made the same'],
  ['1 ≈ 2', '2 differs from it only in blanks and comments'],
  ['base 4,5', '4 and 5 left the base as it is'],
  ['2!', 'what 2 made does not land cleanly as things are now'],
  ['~ stale', 'an agent has changed what you took or kept the base against'],
]

/** The keys of the review; what each sends is carried out by its name. */
export const reviewKeys: readonly ViewKey[] = [
  ...numbers,
  { key: '0', modes: 'n', action: 'base', help: 'keep the base, go on' },
  { key: '<CR>', modes: 'n', action: 'take', help: 'take the variant that is previewed' },
  { key: '<Tab>', modes: 'n', action: 'preview', help: 'preview the next variant' },
  { key: 'b', modes: 'n', action: 'both', help: 'take two: the previewed one, then the next number' },
  { key: 'A', modes: 'n', action: 'rest', help: 'take the rest of the file from the previewed candidate' },
  { key: 'F', modes: 'n', action: 'function', help: 'take the whole function from the previewed candidate' },
  {
    key: 'gh',
    modes: 'nx',
    action: 'operator',
    help: 'with a motion: take the previewed candidate in all its regions',
  },
  { key: 's', modes: 'nx', action: 'split', help: 'take only the selected lines of a variant' },
  { key: 'e', modes: 'n', action: 'edit', help: 'edit the text before it is taken (:w there takes it)' },
  { key: 'j', modes: 'n', action: 'next-undecided', help: 'next region that is undecided' },
  { key: 'k', modes: 'n', action: 'previous-undecided', help: 'previous region that is undecided' },
  { key: 'J', modes: 'n', action: 'next-region', help: 'next region' },
  { key: 'K', modes: 'n', action: 'previous-region', help: 'previous region' },
  { key: ']h', modes: 'n', action: 'next-hunk', help: 'next region' },
  { key: '[h', modes: 'n', action: 'previous-hunk', help: 'previous region' },
  { key: ']f', modes: 'n', action: 'next-file', help: 'next file' },
  { key: '[f', modes: 'n', action: 'previous-file', help: 'previous file' },
  { key: ':w', modes: '', action: 'land', help: 'land what is decided, or commit it, after a question' },
  { key: 'u', modes: 'n', action: 'undo', help: 'take the last decision back' },
  { key: '<C-r>', modes: 'n', action: 'redo', help: 'make it again' },
  { key: 'U', modes: 'n', action: 'undo-landing', help: 'undo the last landing' },
  { key: 'p', modes: 'n', action: 'file', help: 'preview the file as decided' },
  { key: 'P', modes: 'n', action: 'result', help: 'preview the whole result' },
  { key: 'T', modes: 'n', action: 'check', help: "run the project's checks on the result, or call them off" },
  { key: 'gz', modes: 'n', action: 'zoom', help: 'base and variant side by side, in a tab' },
  { key: 'gK', modes: 'n', action: 'evidence', help: 'what is known of the candidates' },
  { key: 'c', modes: 'n', action: 'comment', help: 'comment on the previewed variant, or say it otherwise' },
  { key: 'S', modes: 'n', action: 'send', help: 'send the comments to their agents' },
  { key: 'go', modes: 'n', action: 'pane', help: "go to the candidate's pane" },
  {
    key: 'x',
    modes: 'n',
    action: 'leave-out',
    help: 'leave the candidate out of the view, or take it in again',
  },
  { key: 'X', modes: 'n', action: 'take-in', help: 'take every candidate in again' },
  { key: '<Space>', modes: 'n', action: 'further', help: 'next part of a very long region' },
  { key: '<BS>', modes: 'n', action: 'back', help: 'previous part of a very long region' },
  { key: 'R', modes: 'n', action: 'refresh', help: 'look at the candidates again' },
  { key: '?', modes: 'n', action: 'help', help: 'these keys' },
  { key: 'q', modes: 'n', action: 'close', help: 'close; what is decided is kept' },
]
