import { type Fault, faultOf } from '../core/error.ts'
import { spellInvisible } from '../core/text/visible.ts'
import type { Editor } from './editor.ts'
import { writeLog } from './log.ts'

/** What the person is told. */
export interface Notices {
  say: (text: string) => void
  warn: (text: string) => void
  /** Shows what went wrong with its code and the next step; a defect's details go to the log. */
  fail: (thrown: unknown) => Fault
  /** Fires `User Kage<name>` with `data`. */
  fire: (name: string, data: Readonly<Record<string, unknown>>) => void
}

/** Makes the way to tell. */
export function createNotices(editor: Pick<Editor, 'tell'>): Notices {
  return {
    say: (text) => editor.tell('notice', 'say', spellInvisible(text)),
    warn: (text) => editor.tell('notice', 'warn', spellInvisible(text)),
    fail: (thrown) => {
      const fault = faultOf(thrown)
      if (fault.code === 'KAGE_INTERNAL') writeLog('defect:', thrown)
      const [message, hint] = [spellInvisible(fault.message), spellInvisible(fault.hint)]
      editor.tell('notice', 'fail', { ...fault, message, hint })
      return fault
    },
    fire: (name, data) => editor.tell('notice', 'fire', name, data),
  }
}
