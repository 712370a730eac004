import { constants } from 'node:os'
import type { Control } from './control.ts'
import { isAgent } from './name.ts'

/** What tmux says of an agent's pane now. */
export interface ListedPane {
  readonly pane: string
  readonly pid: number
  readonly agent: string
  readonly dead: boolean
  /** Null while it lives, when a signal ended it, and when this tmux has lost it. */
  readonly deadStatus: number | null
  /** Like `SIGKILL`. */
  readonly deadSignal: string | null
  readonly session: string
  readonly window: string
  readonly historyBytes: number
  readonly recorded: boolean
}

const fields = [
  'pane_id',
  'pane_pid',
  'pane_dead',
  'pane_dead_status',
  'pane_dead_signal',
  'session_id',
  'window_id',
  'history_bytes',
  'pane_pipe',
  '@kage_agent',
]
const format = fields.map((field) => `#{${field}}`).join('|')

/** Lists the panes of every agent on the server in one step; a pane linked into several sessions once. */
export async function listPanes(control: Control): Promise<ListedPane[]> {
  const lines = await control.demand([['list-panes', '-a', '-f', '#{@kage_agent}', '-F', format]])
  const panes = new Map<string, ListedPane>()
  for (const listed of lines.flatMap(parse)) if (!panes.has(listed.pane)) panes.set(listed.pane, listed)
  return [...panes.values()]
}

/** Wakes a tmux that has missed the end of a program; ask again after it. */
export async function nudge(control: Control): Promise<void> {
  await control.demand([['run-shell', '-b', 'true']])
}

function parse(line: string): ListedPane[] {
  const [pane, pid, dead, status, signal, session, window, history, pipe, agent] = line.split('|')
  if (!/^%\d+$/.test(pane ?? '') || !isAgent(agent ?? '')) return []
  return [
    {
      pane: pane ?? '',
      pid: Number(pid),
      agent: agent ?? '',
      dead: dead === '1',
      deadStatus: whole(status),
      deadSignal: signalName(signal ?? ''),
      session: session ?? '',
      window: window ?? '',
      historyBytes: whole(history) ?? 0,
      recorded: pipe === '1',
    },
  ]
}

function whole(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null
}

/** tmux tells a number or a name, by version. */
function signalName(text: string): string | null {
  const named = /^(?:SIG)?([A-Z][A-Z0-9]+)$/.exec(text)?.[1]
  if (named) return `SIG${named}`
  const number = whole(text)
  if (number === null || number === 0) return null
  const known = Object.entries(constants.signals).find(([, value]) => value === number)
  return known ? known[0] : `SIG${number}`
}
