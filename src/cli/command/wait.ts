import { type Command, numberOption, onlyWord } from '../command.ts'
import { exitOfWait, waitFor } from '../waiting.ts'

export const wait: Command = {
  name: 'wait',
  usage: 'ID [--timeout S]',
  summary: 'Waits until a run or agent is done, failed, stopped, or needs you',
  options: { timeout: { type: 'string' } },
  run: async (invocation) => {
    const timeout = numberOption('--timeout', invocation.text('timeout'))
    return exitOfWait(invocation, await waitFor(invocation, onlyWord(invocation, 'ID'), timeout))
  },
}
