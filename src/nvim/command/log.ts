import type { KageEvent } from '../../core/event.ts'
import { limit } from '../../core/limit.ts'
import { type Call, wordsOf } from '../call.ts'
import type { EditorCommand } from '../command.ts'
import type { Context } from '../context.ts'
import type { Pane } from '../frame.ts'
import { runsOfCall, type Subject, subjectNamed } from '../subject.ts'
import { printable } from '../text.ts'

export const log: EditorCommand = {
  name: 'log',
  usage: '[ID]',
  summary: 'The events, of all or of a run or agent; goes on as they come',
  run: async (context, call) => {
    const { state, runs } = await runsOfCall(context, call)
    const [id] = wordsOf(call)
    const subject = id === undefined ? null : subjectNamed(state, runs, id)
    await openLog(context, call, subject)
  },
}

const shape = {
  view: 'log',
  place: 'float',
  panes: [{ name: 'log', buffer: 'Kage log', filetype: 'kage-log', share: 1 }],
  keys: [{ key: 'q', modes: 'n', action: 'close', help: 'close' }],
} as const

async function openLog(context: Context, call: Call, subject: Subject | null): Promise<void> {
  const { session } = context
  const shown = new Map<number, KageEvent>()
  const add = (events: readonly KageEvent[]): void => {
    for (const event of events) if (concerns(subject, event)) shown.set(event.seq, event)
  }
  let paint = (): void => {}
  const refused = (thrown: unknown): never => {
    end()
    throw thrown
  }
  const end = session.listen(({ events }) => {
    add(events)
    if (events.length > 0) paint()
  })
  const watching = { press: () => {}, closed: end }
  const view = await context.views.open(shape, watching, { name: 'log', payload: call }).catch(refused)
  await readBack(context, call, subject, add)
  paint = () => view.paint([paneOf(subject, latest(shown))])
  paint()
}

/** The last of them in order; the rest is forgotten. */
function latest(events: Map<number, KageEvent>): KageEvent[] {
  const inOrder = [...events.values()].toSorted((one, other) => one.seq - other.seq)
  for (const { seq } of inOrder.slice(0, -limit.logLinesShown)) events.delete(seq)
  return inOrder.slice(-limit.logLinesShown)
}

/** The last events before now, as many as are shown; those that come meanwhile are heard as well. */
async function readBack(
  { session }: Context,
  call: Call,
  subject: Subject | null,
  add: (events: readonly KageEvent[]) => void,
): Promise<void> {
  const end = session.state.seq
  let since = subject === null ? Math.max(0, end - limit.logLinesShown) : 0
  while (since < end) {
    const page = await session.ask('log', {
      repo: call.directory,
      id: subject?.id ?? null,
      since,
      limit: limit.eventsPerPage,
    })
    add(page.events)
    if (page.last <= since) return
    since = page.last
  }
}

function concerns(subject: Subject | null, event: KageEvent): boolean {
  if (subject === null) return true
  return event.run === subject.run.id && (subject.agent === null || event.agent === subject.agent.name)
}

function paneOf(subject: Subject | null, events: readonly KageEvent[]): Pane {
  return {
    name: 'log',
    title: ` Kage: log${subject === null ? '' : ` of ${subject.id}`} `,
    footer: ' q close ',
    lines: events.length === 0 ? ['Nothing has happened yet.'] : events.map(lineOf),
    marks: [],
    rows: events.length === 0 ? [null] : events.map(({ seq }) => String(seq)),
    cursor: null,
  }
}

function lineOf(event: KageEvent): string {
  const subject = [event.run, event.agent].filter((part) => part !== null).join('/')
  const told = JSON.stringify(event.data).slice(0, 300)
  return printable(
    `${String(event.seq).padStart(5)} ${event.at.slice(11, 19)} ${event.type.padEnd(18)} ${subject.padEnd(12)} ${told}`,
  )
}
