import { KageError } from '../../core/error.ts'
import type { Control } from './control.ts'
import { checkedPane } from './name.ts'
import { resolveServer } from './server.ts'

/** The terminal that asks: its `$TMUX` and `$TMUX_PANE`, when it is inside tmux. */
export interface Asking {
  readonly tmux?: string | undefined
  readonly tmuxPane?: string | undefined
}

/** The asking client was moved, or the program that the asking terminal has to become, without these variables. */
export type Attachment =
  | { readonly kind: 'moved'; readonly client: string }
  | { readonly kind: 'exec'; readonly argv: readonly string[]; readonly unset: readonly string[] }

/** Brings the asking terminal to an agent's pane: a client of this server is moved, any other has to attach. */
export async function attachTo(control: Control, pane: string, asking: Asking): Promise<Attachment> {
  const target = checkedPane(pane)
  const client = await askingClient(control, asking)
  if (client !== null) {
    await control.demand([['switch-client', '-Z', '-c', client, '-t', target]])
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

/** The terminal that looked last at the asking pane's session, if that is on this server. */
async function askingClient(control: Control, { tmux, tmuxPane }: Asking): Promise<string | null> {
  if (!tmux || !/^%\d+$/.test(tmuxPane ?? '')) return null
  if (resolveServer({ tmux, uid: 0 }) !== control.server.socket) return null
  const session = await control.request([['display-message', '-p', '-t', tmuxPane ?? '', '#{session_id}']])
  const target = session.lines[0]
  if (target === undefined || !/^\$\d+$/.test(target)) return null
  const format = '#{client_activity} #{client_control_mode} #{client_name}'
  const clients = await control.demand([['list-clients', '-t', target, '-F', format]])
  const found = clients.flatMap((line) => {
    const match = /^(\d+) 0 (.+)$/.exec(line)
    return match ? [{ activity: Number(match[1]), name: match[2] ?? '' }] : []
  })
  return found.toSorted((one, other) => other.activity - one.activity)[0]?.name ?? null
}
