import { KageError } from '../../core/error.ts'
import type { Control } from './control.ts'
import { checkedPane } from './name.ts'
import { resolveServer } from './server.ts'

/** The terminal that asks: its `$TMUX` and, but in a popup, its `$TMUX_PANE`, when it is inside tmux. */
export interface Asking {
  readonly tmux?: string | undefined
  readonly tmuxPane?: string | undefined
}

/** The asking client was moved, or the program that the asking terminal has to become, without these variables. */
export type Attachment =
  | { readonly kind: 'moved'; readonly client: string }
  | { readonly kind: 'exec'; readonly argv: readonly string[]; readonly unset: readonly string[] }

/**
 * Brings the asking terminal to an agent's pane: a client of this server is moved, any other has to attach. The pane of the
 * person's own that is left is remembered in the server itself, so that the key that goes back needs nobody else.
 */
export async function attachTo(control: Control, pane: string, asking: Asking): Promise<Attachment> {
  const target = checkedPane(pane)
  const found = await askingClient(control, asking)
  if (found !== null) {
    const { client, left } = found
    await control.demand([
      ['switch-client', '-Z', '-c', client, '-t', target],
      ...(left === null ? [] : [['set-environment', '-gh', 'KAGE_BACK', left] as const]),
    ])
    return { kind: 'moved', client }
  }
  const [place = ''] = await control.demand([
    ['display-message', '-p', '-t', target, '#{session_id}:#{window_id}'],
  ])
  const [session, window] = place.split(':')
  if (!session || !window) throw new KageError('KAGE_TMUX_FAILED', `Pane ${pane} is gone.`)
  await control.demand([
    ['select-window', '-t', `${session}:${window}`],
    ['select-pane', '-Z', '-t', target],
  ])
  const { program, socket } = control.server
  return {
    kind: 'exec',
    argv: [program, '-S', socket, 'attach-session', '-t', session],
    unset: ['TMUX', 'TMUX_PANE'],
  }
}

/** A terminal with the pane that it leaves, null where that is an agent's. */
interface AskingClient {
  readonly client: string
  readonly left: string | null
}

/** The terminal that was used last at the asking pane's session, or at the session that shows the asking popup. */
async function askingClient(control: Control, asking: Asking): Promise<AskingClient | null> {
  const { tmux, tmuxPane } = asking
  if (!tmux || resolveServer({ tmux, uid: 0 }) !== control.server.socket) return null
  const place = tmuxPane === undefined ? popupSession(tmux) : await placeOf(control, tmuxPane)
  if (place === null) return null
  const format =
    '#{client_activity} #{client_control_mode} #{pane_id} #{?@kage_agent,agent,own} #{client_name}'
  const { lines } = await control.request([['list-clients', '-t', place.session, '-F', format]])
  const clients = lines.flatMap((line) => {
    const [, activity, pane = '', owner, client = ''] = /^(\d+) 0 (%\d+) (agent|own) (.+)$/.exec(line) ?? []
    const shown = { pane, own: owner === 'own' }
    return activity === undefined ? [] : [{ activity: Number(activity), client, from: place.pane ?? shown }]
  })
  const [last] = clients.toSorted((one, other) => other.activity - one.activity)
  return last === undefined ? null : { client: last.client, left: last.from.own ? last.from.pane : null }
}

/** Where somebody asks from: a session, and the pane in it unless it is a popup over whatever its client shows. */
interface Place {
  readonly session: string
  readonly pane: { readonly pane: string; readonly own: boolean } | null
}

/** A popup knows its session alone, as the last part of `$TMUX`. */
function popupSession(tmux: string): Place | null {
  const session = /,(\d+)$/.exec(tmux)?.[1]
  return session === undefined ? null : { session: `$${session}`, pane: null }
}

async function placeOf(control: Control, pane: string): Promise<Place | null> {
  if (!/^%\d+$/.test(pane)) return null
  const format = '#{session_id} #{?@kage_agent,agent,own}'
  const { lines } = await control.request([['display-message', '-p', '-t', pane, format]])
  const [, session, owner] = /^(\$\d+) (agent|own)$/.exec(lines[0] ?? '') ?? []
  return session === undefined ? null : { session, pane: { pane, own: owner === 'own' } }
}
