import { alarmLines } from '../../core/alarm-text.ts'
import { type Command, onlyWord } from '../command.ts'

export const ack: Command = {
  name: 'ack',
  usage: 'RUN',
  summary:
    'Acknowledges the alarms of a run, so that it can land: what makes git or a tool run programs has changed',
  options: {},
  run: async (invocation) => {
    const { repo } = invocation
    const id = onlyWord(invocation, 'RUN')
    const { alarms } = await invocation.ask('ack', { repo, id, command: crypto.randomUUID() })
    invocation.print({ alarms }, () =>
      alarms.length === 0
        ? `${id} has no alarms.`
        : [...alarms.flatMap((alarm) => alarmLines(alarm)), 'Acknowledged.'].join('\n'),
    )
    return 0
  },
}
