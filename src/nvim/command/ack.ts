import { openAlarms } from '../../core/alarm.ts'
import { acknowledge } from '../alarms.ts'
import { wordsOf } from '../call.ts'
import type { EditorCommand } from '../command.ts'
import { runsOfCall, subjectNamed } from '../subject.ts'

export const ack: EditorCommand = {
  name: 'ack',
  usage: '[RUN]',
  summary:
    'Shows the alarms of a run, and acknowledges them so that it can land; without a name of every run here',
  run: async (context, call) => {
    const { state, runs } = await runsOfCall(context, call)
    const [name] = wordsOf(call)
    const chosen = name === undefined ? runs : [subjectNamed(state, runs, name).run]
    const alarming = chosen.filter((run) => openAlarms(run).length > 0)
    if (alarming.length === 0) context.notices.say('No alarms')
    for (const run of alarming)
      await acknowledge(context, { repo: run.repository.root, run: run.id, alarms: openAlarms(run) })
  },
}
