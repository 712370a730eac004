import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pluginFor } from '../support/plugin.ts'
import type { Plugin } from '../support/plugin.ts'
import { temporaryDirectory } from '../support/temporary.ts'
import { attachTerminal } from '../support/terminal.ts'
import type { Terminal } from '../support/terminal.ts'
import { privateServer } from '../support/tmux-server.ts'
import type { PrivateServer } from '../support/tmux-server.ts'
import { until } from '../support/until.ts'

test('keys, options, hooks and environment are the same before loading and after unloading', () => {
  const server = privateServer()
  const plugin = pluginFor(server)
  const before = settings(server)
  plugin.load()
  const loaded = settings(server)
  plugin.load()
  expect(settings(server)).toEqual(loaded)
  expect(loaded).not.toEqual(before)
  plugin.unload()
  expect(settings(server)).toEqual(before)
  plugin.unload()
  expect(settings(server)).toEqual(before)
})

test('loading binds one key after the prefix and a table with notes, and nothing in the root table', () => {
  const server = privateServer()
  const before = server.tmux('list-keys', '-T', 'root')
  pluginFor(server).load()
  expect(server.tmux('list-keys', '-T', 'root')).toBe(before)
  expect(server.tmux('list-keys', '-T', 'prefix')).toMatch(/ K +switch-client -T kage$/m)
  const bound = server.tmux('list-keys', '-T', 'kage').matchAll(/^bind-key +-T kage +(\S+) /gm)
  expect(
    [...bound]
      .map(([, key]) => key)
      .toSorted()
      .join(''),
  ).toBe('123456789?mnpswx')
  const notes = server.tmux('list-keys', '-aN', '-T', 'kage').split('\n')
  expect(notes.filter((line) => !/[1-9?mnpswx] +kage: /.test(line))).toEqual([])
})

test("the user's own bindings survive loading and unloading", async () => {
  const { server, plugin, terminal } = await attached({ load: false })
  server.tmux('bind-key', 'K', 'display-message', 'my own K')
  server.tmux('bind-key', '-T', 'kage', 'n', 'display-message', 'my own n')
  const before = settings(server)
  plugin.load()
  await until(() => terminal.screen().includes('kage: prefix K is bound already'))
  expect(server.tmux('list-keys', '-T', 'prefix')).toContain('my own K')
  expect(server.tmux('list-keys', '-T', 'kage')).toContain('my own n')
  plugin.unload()
  expect(settings(server)).toEqual(before)
})

test('the key is the one that the user chose, or none', () => {
  const server = privateServer()
  const plugin = pluginFor(server)
  server.tmux('set-option', '-g', '@kage-key', '')
  const before = server.tmux('list-keys', '-T', 'prefix')
  plugin.load()
  expect(server.tmux('list-keys', '-T', 'prefix')).toBe(before)
  for (const key of ['M-k', '"', '\\', 'A']) {
    server.tmux('set-option', '-g', '@kage-key', key)
    server.tmux('unbind-key', '-q', '-T', 'prefix', key)
    plugin.load()
    expect(server.tmux('list-keys', '-T', 'prefix').match(/switch-client -T kage$/gm)).toHaveLength(1)
    expect(server.tmux('list-keys', '-T', 'prefix')).toContain(` ${key.replace(/["\\]/, '\\$&')} `)
  }
})

test('a key that is no key is told, and the table is there all the same', async () => {
  const { server, plugin, terminal } = await attached({ load: false })
  server.tmux('set-option', '-g', '@kage-key', 'Nokey"; kill-server')
  plugin.load()
  await until(() => terminal.screen().includes('kage: tmux has no key Nokey"; kill-server'))
  expect(server.tmux('list-keys', '-T', 'kage')).toContain('KAGE_TARGET')
})

test('a key that the user binds anew after loading is theirs', () => {
  const server = privateServer()
  const plugin = pluginFor(server)
  plugin.load()
  server.tmux('bind-key', 'K', 'display-message', 'mine')
  server.tmux('bind-key', '-T', 'kage', 'x', 'display-message', 'mine')
  plugin.load()
  plugin.unload()
  expect(server.tmux('list-keys').match(/.*mine/g)).toHaveLength(2)
})

test('the plugin loads from the configuration of a server that starts', async () => {
  const configuration = join(temporaryDirectory(), 'tmux.conf')
  const server = privateServer({ start: false })
  const plugin = pluginFor(server)
  const path = join(plugin.directory, 'kage.tmux').replaceAll("'", `'\\''`).replaceAll('#', '##')
  writeFileSync(
    configuration,
    `set -g base-index 1\nset -g @kage-key A\nrun-shell "'${path.replaceAll(/[\\"$]/g, '\\$&')}'"\n`,
  )
  server.tmux('-f', configuration, 'new-session', '-d', '-s', 'user', '--', 'sh', '-c', 'exec cat')
  await until(() => / A +switch-client -T kage$/m.test(server.tmux('list-keys', '-T', 'prefix')))
  expect(server.tmux('show-options', '-gv', '@kage-status')).toContain('KAGE_SUMMARY')
})

test('next and previous go round all agents in any session, with no daemon', async () => {
  const { server, terminal, press } = await attached()
  const panes = agents(server, 3)
  const [one, two, three] = panes
  await press('n', () => current(server) === one)
  await press('n', () => current(server) === two)
  await press('n', () => current(server) === three)
  await press('n', () => current(server) === one)
  await press('p', () => current(server) === three)
  await press('p', () => current(server) === two)
  server.tmux('switch-client', '-t', 'user:0')
  await press('p', () => current(server) === three)
  await press('2', () => current(server) === two)
  expect(terminal.screen()).not.toContain('kage:')
})

test('the waiting key goes to the next agent that waits', async () => {
  const { server, press } = await attached()
  const [one = '', two = ''] = agents(server, 2)
  server.tmux('set-option', '-g', '@kage_waiting', two)
  await press('w', () => current(server) === two)
  server.tmux('set-option', '-p', '-t', two, '@kage_waiting', one)
  await press('w', () => current(server) === one)
})

test('a zoomed pane stays zoomed when its neighbour is visited', async () => {
  const { server, press } = await attached()
  const [one = '', two = ''] = agents(server, 2)
  server.tmux('join-pane', '-d', '-s', two, '-t', one)
  await press('1', () => current(server) === one)
  server.tmux('resize-pane', '-Z', '-t', one)
  await press('n', () => current(server) === two)
  expect(server.tmux('display-message', '-p', '-t', two, '#{window_zoomed_flag}')).toBe('1')
})

test('a target that is gone, absent or no pane is told', async () => {
  const { server, terminal, press } = await attached()
  const told = (text: string) => () => terminal.screen().includes(`kage: ${text}`)
  for (const key of ['n', 'p', '1', 'w']) await press(key, told('no agent to go to'))
  const [one = '', two = ''] = agents(server, 2)
  await press('1', () => current(server) === one)
  server.tmux('kill-pane', '-t', two)
  await press('n', told('that agent is gone'))
  await press('2', told('that agent is gone'))
  expect(current(server)).toBe(one)
  const home = temporaryDirectory()
  server.tmux('set-option', '-g', '@kage_3', `%1" ; run-shell "touch ${home}/m`)
  server.tmux('set-option', '-g', '@kage_4', `#(touch ${home}/m)`)
  await press('3', told('no agent to go to'))
  await press('4', told('no agent to go to'))
  expect(readdirSync(home)).toEqual([])
})

test("the interrupt key reaches this pane's agent, also from copy mode, and nobody else", async () => {
  const { server, terminal, press } = await attached()
  await press('x', () => terminal.screen().includes('kage: no agent in this pane'))
  const [one = ''] = agents(server, 1, `trap 'echo interrupted' INT; while :; do sleep 0.05; done`)
  await press('1', () => current(server) === one)
  server.tmux('copy-mode', '-t', one)
  await press('x', () => server.tmux('capture-pane', '-p', '-t', one).includes('interrupted'))
  server.tmux('set-option', '-p', '-t', one, 'remain-on-exit', 'on')
  server.tmux('respawn-pane', '-k', '-t', one, '--', 'sh', '-c', 'exit 1')
  await until(() => server.tmux('display-message', '-p', '-t', one, '#{pane_dead}') === '1')
  await press('x', () => terminal.screen().includes('kage: this agent has ended'))
})

test('a text sent to all reaches each living agent exactly as typed', async () => {
  const { server, plugin, terminal, press } = await attached()
  await press('s', () => terminal.screen().includes('kage: no agents to send to'))
  agents(server, 3)
  const dead = agents(server, 1, 'exit 1', 'r2')[0] ?? ''
  await until(() => server.tmux('display-message', '-p', '-t', dead, '#{pane_dead}') === '1')
  const texts = [
    'fix the parser',
    `it's "quoted" ; kill-server \\; ~ $HOME $(touch m) \`touch m\` #(touch m) #{pane_id} %% %1 %%% \\\\ \\" é 影`,
    `" ; run-shell 'touch m' ; set -g @x "`,
    `%%" ; run-shell 'touch m' ; set -g @x "`,
    `--help -n {} } { ;`,
    `' ; touch m ; '`,
  ]
  for (const [index, text] of texts.entries()) {
    await press('s', () => terminal.screen().includes('Send to r1/a-1 r1/a-2 r1/a-3'))
    terminal.type('-l', '--', text.replace(/;$/, '\\;'))
    terminal.type('Enter')
    await until(() => plugin.calls().length === 3 * (index + 1))
    const told = ['r1/a-1', 'r1/a-2', 'r1/a-3'].map((agent) => ['send', '--', agent, text])
    expect(plugin.calls().slice(-3)).toEqual(told)
    await until(() => terminal.screen().includes('kage: sent to 3 of 3 agents'))
  }
  await press('s', () => terminal.screen().includes('Send to r1/a-1'))
  terminal.type('Enter')
  await until(() => !terminal.screen().includes('Send to'))
  expect(plugin.calls()).toHaveLength(3 * texts.length)
  expect(existsSync(join(plugin.directory, 'm'))).toBe(false)
})

test('the menu shows agents only', async () => {
  const { server, terminal, press } = await attached()
  const [one, two = '', three = ''] = agents(server, 3)
  server.tmux('join-pane', '-d', '-s', two, '-t', three)
  await press('m', () => terminal.screen().includes('r1/a-2'))
  expect(terminal.screen()).not.toContain('no matches')
  expect(terminal.screen()).toContain('r1/a-1 working')
  expect(terminal.screen()).toContain('r1/a-3 working')
  expect(terminal.screen()).not.toMatch(/^.*- user/m)
  terminal.type('q')
  expect([one, two]).not.toContain(current(server))
})

test('help is shown over everything, or in a line where there is no room', async () => {
  const { terminal, press } = await attached()
  await press('?', () => terminal.screen().includes('the next agent that waits for you'))
  terminal.type('Escape')
  await until(() => !terminal.screen().includes('waits for you'))
  const small = await attached({ columns: 50, rows: 10 })
  await small.press('?', () => small.terminal.screen().includes('n p 1-9 go to an agent'))
})

test('the status segment shows the pushed summary and nothing when there is none', async () => {
  const { server, terminal } = await attached()
  server.tmux('set-option', '-g', 'status-right', '<#{E:@kage-status}>')
  await until(() => terminal.screen().includes('<>'))
  server.tmux('set-environment', '-gh', 'KAGE_SUMMARY', '●● ? 3✓')
  server.tmux('refresh-client', '-S', '-t', server.tmux('list-clients', '-F', '#{client_name}'))
  await until(() => terminal.screen().includes('<kage ●● ? 3✓ >'))
})

interface Attached {
  readonly server: PrivateServer
  readonly plugin: Plugin
  readonly terminal: Terminal
  /** Presses a key of the table until the probe is true. */
  readonly press: (key: string, probe: () => boolean) => Promise<unknown>
}

/** A server with the plugin and an ordinary client that looks at the session `user`. */
async function attached({ load = true, columns = 100, rows = 30 } = {}): Promise<Attached> {
  const server = privateServer()
  const plugin = pluginFor(server)
  if (load) plugin.load()
  const terminal = attachTerminal(server, 'user', columns, rows)
  await until(() => server.tmux('list-clients', '-F', '#{client_name}') !== '')
  const press = async (key: string, probe: () => boolean): Promise<unknown> => {
    await until(() => !terminal.screen().includes('kage:'))
    terminal.type('C-b', 'K', key)
    return until(probe)
  }
  server.tmux('set-option', '-g', 'display-time', '300')
  server.tmux('set-option', '-g', 'assume-paste-time', '0')
  return { server, plugin, terminal, press }
}

/** Agents' panes with the ring that the daemon would have written, each in a window of another session. */
function agents(server: PrivateServer, count: number, script = 'exec cat', run = 'r1'): string[] {
  const session = ['new-session', '-d', '-x', '100', '-y', '30', '-s', run]
  const open = (words: string[]): string =>
    server.tmux(
      ...words,
      '-P',
      '-F',
      '#{pane_id}',
      '--',
      'sh',
      '-c',
      script,
      ';',
      'set-option',
      '-p',
      'remain-on-exit',
      'on',
    )
  const panes = Array.from({ length: count }, (_, index) =>
    open(index === 0 ? session : ['new-window', '-d', '-t', `${run}:`]),
  )
  panes.forEach((pane, index) => {
    const options = { '@kage_agent': `${run}/a-${index + 1}`, '@kage_status': 'working' }
    const ring = { '@kage_next': panes[(index + 1) % count], '@kage_prev': panes.at(index - 1) }
    for (const [name, value] of Object.entries({ ...options, ...ring }))
      server.tmux('set-option', '-p', '-t', pane, name, value ?? '')
    server.tmux('set-option', '-g', `@kage_${index + 1}`, pane)
  })
  return panes
}

/** The pane that the client looks at. */
function current(server: PrivateServer): string {
  return server.tmux('list-clients', '-F', '#{pane_id}')
}

function settings(server: PrivateServer): string[] {
  return [
    server.tmux('list-keys'),
    server.tmux('list-keys', '-N'),
    ...['-s', '-g', '-gw'].map((flag) => server.tmux('show-options', flag)),
    ...['-g', '-gw'].map((flag) => server.tmux('show-hooks', flag)),
    server.tmux('show-environment', '-g'),
    server.tmux('show-environment', '-gh'),
  ]
}
