import { type Command, onlyWord } from '../command.ts'
import { shownText } from '../text/shown.ts'

export const show: Command = {
  name: 'show',
  usage: 'ID',
  summary: 'One run or agent, each status with its reason, its source and its time',
  options: {},
  run: async (invocation) => {
    const shown = await invocation.ask('show', { repo: invocation.repo, id: onlyWord(invocation, 'ID') })
    invocation.print(shown, () => shownText(shown))
    return 0
  },
}
