import type { Neovim } from 'neovim/lib/api/Neovim.js'
import { KageError } from '../core/error.ts'
import { limit } from '../core/limit.ts'
import { writeLog } from './log.ts'

/** The way to Kage's Lua: functions of the module `kage.<module>`. */
export interface Editor {
  /** Calls a function and answers with what it returns; KAGE_TIMEOUT while the person keeps Neovim busy. */
  ask: (module: string, name: string, ...args: readonly unknown[]) => Promise<unknown>
  /** The same without a limit: it may be carried out much later, or never. */
  await: (module: string, name: string, ...args: readonly unknown[]) => Promise<unknown>
  /** Calls a function and waits for nothing. */
  tell: (module: string, name: string, ...args: readonly unknown[]) => void
}

const code = 'local module, name = ... return require("kage." .. module)[name](select(3, ...))'

/** Makes the way to Lua over node-client. */
export function createEditor(nvim: Pick<Neovim, 'request' | 'notify'>): Editor {
  const asked: Editor['await'] = (module, name, ...args) =>
    nvim.request('nvim_exec_lua', [code, [module, name, ...args]]).catch((thrown: unknown) => {
      throw refused(thrown, `${module}.${name}`)
    })
  return {
    ask: (module, name, ...args) => inTime(asked(module, name, ...args), `${module}.${name}`),
    await: asked,
    tell: (module, name, ...args) => nvim.notify('nvim_exec_lua', [code, [module, name, ...args]]),
  }
}

/** Neovim may refuse, for example in its command-line window; what exactly it said goes to the log. */
function refused(thrown: unknown, what: string): KageError {
  writeLog('refused:', what, thrown)
  const said = thrown instanceof Error ? thrown.message : String(thrown)
  const why = /\bE\d+: [^\n]*/.exec(said)?.[0] ?? said.split('\n')[0] ?? ''
  return new KageError('KAGE_EDITOR', `Neovim refused: ${why}`, 'Try again from an ordinary window.')
}

/** The answer, or KAGE_TIMEOUT; what comes later is wanted by nobody. */
function inTime(answer: Promise<unknown>, what: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const message = `Neovim has not answered for ${limit.editorAnswerMs / 1000} seconds (${what}).`
      reject(new KageError('KAGE_TIMEOUT', message, 'Finish what it asks you, then try again.'))
    }, limit.editorAnswerMs)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
