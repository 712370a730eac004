import type { KageEvent } from '../../core/event.ts'
import { type Command, type Invocation, UsageError, wholeNumberOption, wordAtMost } from '../command.ts'
import { printable } from '../text/run.ts'

const pageLength = 500

export const log: Command = {
  name: 'log',
  usage: '[ID] [--since SEQ] [--follow]',
  summary: 'The events, one a line; --follow goes on as they come',
  options: { since: { type: 'string' }, follow: { type: 'boolean' } },
  run: async (invocation) => {
    const id = wordAtMost(invocation, 'ID')
    let since = wholeNumberOption('--since', invocation.text('since')) ?? 0
    if (since < 0) throw new UsageError('--since takes the number of an event; the first is 1.')
    for (;;) {
      since = await printPages(invocation, id, since)
      if (!invocation.flag('follow')) return 0
      await invocation.ask('follow', { after: since, limit: 1 })
    }
  },
}

/** Prints all events after one, page by page, and answers with the last that was looked at. */
async function printPages(invocation: Invocation, id: string | null, since: number): Promise<number> {
  let after = since
  for (;;) {
    const { events, last } = await invocation.ask('log', {
      repo: invocation.repo,
      id,
      since: after,
      limit: pageLength,
    })
    for (const event of events) invocation.print(event, () => eventLine(event))
    if (last <= after) return after
    after = last
  }
}

function eventLine(event: KageEvent): string {
  const subject = [event.run, event.agent].filter((part) => part !== null).join('/')
  return printable(
    `${event.seq}  ${event.at}  ${event.type.padEnd(20)} ${subject}  ${JSON.stringify(event.data).slice(0, 200)}`,
  )
}
