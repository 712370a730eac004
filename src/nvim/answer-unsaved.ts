import { faultOf } from '../core/error.ts'
import { unsavedFiles } from './buffers.ts'
import type { Context } from './context.ts'

/** Answers the daemon, for as long as this Neovim is connected, which files have unsaved changes; a landing asks. */
export async function answerUnsaved({ session, editor }: Pick<Context, 'session' | 'editor'>): Promise<void> {
  await nextLive(session)
  for (;;) {
    try {
      const { question } = await session.ask('editorQuestion', {}, { start: false })
      if (question === null) continue
      const unsaved = await unsavedFiles({ editor })
      await session.ask('editorAnswer', { question, unsaved }, { start: false })
    } catch (thrown) {
      if (faultOf(thrown).code === 'KAGE_METHOD_UNKNOWN') return
      await nextLive(session)
    }
  }
}

/** Resolves with the first change that is heard of the daemon from now on. */
function nextLive(session: Context['session']): Promise<void> {
  return new Promise((resolve) => {
    const end = session.listen(() => {
      if (!session.live) return
      end()
      resolve()
    })
  })
}
