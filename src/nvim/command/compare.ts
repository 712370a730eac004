import { KageError } from '../../core/error.ts'
import { wordsOf } from '../call.ts'
import type { EditorCommand } from '../command.ts'
import { placeOf } from '../place.ts'

export const compare: EditorCommand = {
  name: 'compare',
  usage: '[--base REV] REV…',
  summary: 'Makes a run of branches, commits or worktrees that anyone made, to be reviewed',
  run: async ({ session, notices }, call) => {
    const { base, revisions } = revisionsOf(wordsOf(call))
    const { root } = await placeOf(call.directory)
    void session.ready()
    const { run } = await session.ask('compare', { repo: root, base, revisions, command: call.id })
    notices.say(`${run.id} compares ${revisions.join(', ')}; :KageReview ${run.id} shows it`)
  },
}

function revisionsOf(words: readonly string[]): { base: string | null; revisions: string[] } {
  const revisions: string[] = []
  let base: string | null = null
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '--base') base = words[++at] ?? ''
    else if (word.startsWith('-')) throw new KageError('KAGE_USAGE', `:Kage compare has no option "${word}".`)
    else revisions.push(word)
  }
  if (base === '') throw new KageError('KAGE_USAGE', '--base takes a revision.')
  if (revisions.length === 0)
    throw new KageError('KAGE_USAGE', 'Name what is to be compared: branches, commits or worktrees.')
  return { base, revisions }
}
