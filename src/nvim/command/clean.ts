import { KageError } from '../../core/error.ts'
import { wordsOf } from '../call.ts'
import type { EditorCommand } from '../command.ts'
import { placeOf } from '../place.ts'

export const clean: EditorCommand = {
  name: 'clean',
  usage: '[ID] [--force]',
  summary: 'Removes worktrees and panes of ended runs; branches and snapshots remain',
  run: async ({ session, notices, questions }, call) => {
    const words = wordsOf(call)
    const [id = null, more] = words.filter((word) => word !== '--force')
    if (more !== undefined)
      throw new KageError('KAGE_USAGE', `"${more}" is too much: :Kage clean [ID] [--force].`)
    const { root } = await placeOf(call.directory)
    const what = id ?? 'every ended run of this repository'
    const question = [`Remove worktrees and panes of ${what}?`, 'Branches and snapshots remain.']
    if (!call.bang && !(await questions.confirm(question, 'remove'))) return
    const force = words.includes('--force')
    const { removed, parked } = await session.ask('clean', { repo: root, id, force })
    for (const { agent, path, place } of parked) notices.warn(`${path} of ${agent} was moved to ${place}`)
    notices.say(removed.length === 0 ? 'Nothing to remove' : `Removed: ${removed.join(', ')}`)
  },
}
