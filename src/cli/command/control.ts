import type { Control } from '../../core/decide/control.ts'
import { type Command, onlyWord } from '../command.ts'
import { shownText } from '../text/shown.ts'

/** The commands that steer a run or an agent differ only in their name. */
export function control(name: Control, summary: string): Command {
  return {
    name,
    usage: 'ID',
    summary,
    options: {},
    run: async (invocation) => {
      const id = onlyWord(invocation, 'ID')
      const shown = await invocation.ask('control', {
        repo: invocation.repo,
        id,
        control: name,
        ...(name === 'resume' ? { environment: invocation.environment } : {}),
        command: crypto.randomUUID(),
      })
      invocation.print(shown, () => shownText(shown))
      return 0
    },
  }
}
