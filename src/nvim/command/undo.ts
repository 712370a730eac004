import { refreshBuffers, refuseUnsaved } from '../buffers.ts'
import { wordsOf } from '../call.ts'
import type { EditorCommand } from '../command.ts'
import { placeOf } from '../place.ts'

export const undo: EditorCommand = {
  name: 'undo',
  usage: '[ID]',
  summary: 'Takes a landing back, the latest or that one: only what it wrote, whole or not at all',
  run: async (context, call) => {
    const { session, notices } = context
    const { root } = await placeOf(call.directory)
    const state = await session.ready()
    const named = wordsOf(call)[0] ?? null
    const { undos } = await session.ask('undos', { repo: root })
    const id = named ?? undos[0]?.id ?? null
    const {
      paths = [],
      target = root,
      review,
    } = (id === null ? undefined : state.landings[id]) ?? undos.find((each) => each.id === id) ?? {}
    const worktree = review ?? (target.startsWith('refs/') ? root : target)
    await refuseUnsaved(context, worktree, paths)
    const { restored } = await session.ask('undo', { repo: root, id, command: call.id })
    refreshBuffers(context, worktree, paths)
    notices.say(`Undone: ${restored}, ${paths.length} ${paths.length === 1 ? 'file' : 'files'} as before`)
  },
}
