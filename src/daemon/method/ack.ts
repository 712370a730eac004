import { alarmView, openAlarms } from '../../core/alarm.ts'
import { draft } from '../../core/draft.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { RunState, State } from '../../core/state.ts'
import type { Parts } from '../parts.ts'
import { subjectOf } from './look.ts'

/** Acknowledges every alarm of a run, and the same changes where other runs of the repository tell of them. */
export async function ack(parts: Parts, params: PersonParams['ack']): Promise<Results['ack']> {
  const { run } = await subjectOf(parts, params)
  await parts.watch.look(run.id)
  return parts.kernel.execute({
    command: params.command,
    decide: (state) => ({
      events: alarming(state, run.id).map(({ id, alarms }) =>
        draft('alarm.acknowledged', id, null, { ids: alarms.map((alarm) => alarm.id) }),
      ),
    }),
    reply: (state, events) => {
      const ids = events.flatMap((event) =>
        event.run === run.id && event.type === 'alarm.acknowledged' ? event.data.ids : [],
      )
      const alarms = state.runs[run.id]?.alarms ?? []
      return { alarms: alarms.filter(({ id }) => ids.includes(id)).map(alarmView) }
    },
  })
}

/** The runs with open alarms that tell of the same as those of this run. */
function alarming(state: State, id: string): Pick<RunState, 'id' | 'alarms'>[] {
  const run = state.runs[id]
  if (run === undefined) return []
  const keys = new Set(openAlarms(run).map(({ subject, hash }) => `${hash} ${subject}`))
  return Object.values(state.runs)
    .filter(({ repository }) => repository.key === run.repository.key)
    .map((each) => ({
      id: each.id,
      alarms: openAlarms(each).filter(({ subject, hash }) => keys.has(`${hash} ${subject}`)),
    }))
    .filter(({ alarms }) => alarms.length > 0)
}
