import { pluginFor } from './plugin.ts'
import type { Plugin } from './plugin.ts'
import { attachTerminal } from './terminal.ts'
import type { Terminal } from './terminal.ts'
import { privateServer } from './tmux-server.ts'
import type { PrivateServer } from './tmux-server.ts'
import { until } from './until.ts'

export interface Attached {
  readonly server: PrivateServer
  readonly plugin: Plugin
  readonly terminal: Terminal
  /** Presses a key of the plugin's table and waits until the probe is true. */
  readonly press: (key: string, probe: () => boolean) => Promise<unknown>
  /** The pane that the client looks at. */
  readonly current: () => string
}

/** A server with the plugin and an ordinary client that looks at the session `user`. */
export async function attached({ load = true, columns = 100, rows = 30 } = {}): Promise<Attached> {
  const server = privateServer()
  const plugin = pluginFor(server)
  if (load) plugin.load()
  const terminal = attachTerminal(server, 'user', columns, rows)
  await until(() => server.tmux('list-clients', '-F', '#{client_name}') !== '')
  server.tmux('set-option', '-g', 'display-time', '300')
  // Keys that a program types arrive as fast as a paste, in which tmux looks for no bindings.
  server.tmux('set-option', '-g', 'assume-paste-time', '0')
  const press = async (key: string, probe: () => boolean): Promise<unknown> => {
    await until(() => !terminal.screen().includes('kage:'))
    terminal.type('C-b', 'K', key)
    return until(probe)
  }
  return { server, plugin, terminal, press, current: () => server.tmux('list-clients', '-F', '#{pane_id}') }
}

/** Opens agents' panes in a session of their own, with the ring that the daemon would have written. */
export function openAgents(server: PrivateServer, count: number, script = 'exec cat', run = 'r1'): string[] {
  const session = ['new-session', '-d', '-x', '100', '-y', '30', '-s', run]
  const program = ['-P', '-F', '#{pane_id}', '--', 'sh', '-c', script]
  server.tmux('set-option', '-gw', 'remain-on-exit', 'on')
  const panes = Array.from({ length: count }, (_, index) =>
    server.tmux(...(index === 0 ? session : ['new-window', '-d', '-t', `${run}:`]), ...program),
  )
  panes.forEach((pane, index) => {
    const own = { '@kage_agent': `${run}/a-${index + 1}`, '@kage_state': 'working' }
    const ring = { '@kage_next': panes[(index + 1) % count], '@kage_prev': panes.at(index - 1) }
    for (const [name, value] of Object.entries({ ...own, ...ring }))
      server.tmux('set-option', '-p', '-t', pane, name, value ?? '')
    server.tmux('set-option', '-g', `@kage_${index + 1}`, pane)
  })
  return panes
}
