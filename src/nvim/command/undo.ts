import { wordsOf } from '../call.ts'
import type { EditorCommand } from '../command.ts'
import { placeOf } from '../place.ts'

export const undo: EditorCommand = {
  name: 'undo',
  usage: '[ID]',
  summary: 'Takes a landing back, the latest or that one: only what it wrote, whole or not at all',
  run: async ({ session, notices, editor }, call) => {
    const { root } = await placeOf(call.directory)
    const state = await session.ready()
    const id = wordsOf(call)[0] ?? null
    const { restored } = await session.ask('undo', { repo: root, id, command: call.id })
    const paths = (session.state.landings[restored] ?? state.landings[restored])?.paths ?? []
    editor.tell('buffer', 'refresh', root, paths)
    notices.say(`Undone: ${restored}, ${paths.length} ${paths.length === 1 ? 'file' : 'files'} as before`)
  },
}
