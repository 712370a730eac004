import type { Neovim } from 'neovim/lib/api/Neovim.js'
import { Connection } from '../adapters/bridge/connection.ts'
import { KageError } from '../core/error.ts'
import { nearest } from '../core/nearest.ts'
import { kageVersion } from '../core/protocol/version.ts'
import { announce } from './announce.ts'
import { answerUnsaved } from './answer-unsaved.ts'
import { callOf } from './call.ts'
import { commandOf, commands } from './commands.ts'
import type { Context } from './context.ts'
import { createEditor, type Editor } from './editor.ts'
import type { Press } from './frame.ts'
import { writeLog } from './log.ts'
import { createNotices } from './notice.ts'
import { createQuestions } from './question.ts'
import { createScreen } from './screen.ts'
import { Session } from './session.ts'
import { createViews, type Sizes } from './view.ts'

/** The plugin at work. */
export interface Kage {
  /**
   * Does what Lua wants: a command, or news of a view or of a question. A number is acknowledged at once, so that Lua
   * need not ask the next host for the same. It never fails; the person is told.
   */
  readonly call: (name: string, payload: unknown, number: unknown) => Promise<void>
  /** A command that came by node-client's own way: Lua adds where the person is, and calls again. */
  readonly typed: (name: string, words: readonly string[], range: readonly number[]) => void
}

/** Opens the plugin for a Neovim and says hello; Lua answers whether it may go on. */
export async function openKage(nvim: Neovim): Promise<Kage> {
  const editor = createEditor(nvim)
  const environment = Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
  const context = createContext(editor, environment)
  announce(context)
  void answerUnsaved(context)
  let accepted = await greet(nvim, editor)
  return {
    call: async (name, payload, number) => {
      if (typeof number === 'number') editor.tell('host', 'heard', number)
      // Of two hosts of one Neovim one tells the events and paints the views; what comes here goes there.
      if (!accepted) return editor.tell('host', 'call', name, payload)
      if (name === 'retire') {
        accepted = false
        context.views.end()
        return context.session.close()
      }
      try {
        await dispatch(context, name, payload)
      } catch (thrown) {
        context.notices.fail(thrown)
      }
    },
    typed: (name, words, range) => editor.tell('command', 'typed', name, words.join(' '), range),
  }
}

function createContext(editor: Editor, environment: Readonly<Record<string, string>>): Context {
  const session = new Session(new Connection(environment), (thrown) => writeLog('defect:', thrown))
  const notices = createNotices(editor)
  const context: Context = {
    editor,
    session,
    views: createViews(editor, createScreen(editor), (thrown) => void notices.fail(thrown)),
    notices,
    questions: createQuestions(editor),
    run: (name, payload) => dispatch(context, name, payload),
  }
  return context
}

/** Lua compares the versions: it refuses a host that was built from other sources than its own. */
async function greet(nvim: Neovim, editor: Editor): Promise<boolean> {
  const [channel] = (await nvim.request('nvim_get_api_info')) as [number]
  return (await editor.await('host', 'hello', kageVersion, channel)) === true
}

async function dispatch(context: Context, name: string, payload: unknown): Promise<void> {
  switch (name) {
    case 'press':
      return context.views.pressed(payload as Press)
    case 'resized':
      return context.views.resized(payload as { view: string; sizes: Sizes })
    case 'shown':
      return context.views.shown(payload as { view: string; visible: boolean })
    case 'closed':
      return context.views.closed(payload as { view: string })
    case 'answer':
      return context.questions.answer(payload as { id: string; value: unknown })
    case 'follow':
      return void (await context.session.ready())
  }
  const command = commandOf(name)
  if (command === null) throw unknownCommand(name)
  await command.run(context, callOf(payload))
}

function unknownCommand(name: string): KageError {
  const known = nearest(
    name,
    commands.map((command) => command.name),
  )
  const message = `"${name}" is not a command of Kage; the nearest is "${known}".`
  return new KageError('KAGE_USAGE', message, 'See `:help kage-commands`.')
}
