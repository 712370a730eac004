import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { attached } from '../support/attached.ts'
import { pluginFor } from '../support/plugin.ts'
import { temporaryDirectory } from '../support/temporary.ts'
import { privateServer } from '../support/tmux-server.ts'
import { until } from '../support/until.ts'

test('loading binds one key after the prefix and a table with notes, and nothing in the root table', () => {
  const server = privateServer()
  const before = server.tmux('list-keys', '-T', 'root')
  pluginFor(server).load()
  expect(server.tmux('list-keys', '-T', 'root')).toBe(before)
  expect(server.tmux('list-keys', '-T', 'prefix')).toMatch(/ K +switch-client -T kage$/m)
  const bound = server.tmux('list-keys', '-T', 'kage').matchAll(/^bind-key +-T kage +(\S+) /gm)
  expect([...bound].map(([, key]) => key)).toHaveLength(19)
  const notes = server.tmux('list-keys', '-aN', '-T', 'kage').split('\n')
  expect(notes.filter((line) => !/[1-9?bdmnprswx] +kage: /.test(line))).toEqual([])
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

test('help is shown over everything, or in a line where there is no room', async () => {
  const { terminal, press } = await attached()
  for (const key of ['Escape', 'q']) {
    const whole = [
      /After the prefix and your kage key/,
      /the next agent that waits for you/,
      /Any key closes/,
    ]
    await press('?', () => whole.every((part) => part.test(terminal.screen())))
    terminal.type(key)
    await until(() => !terminal.screen().includes('waits for you'))
  }
  const small = await attached({ columns: 50, rows: 10 })
  await small.press('?', () => small.terminal.screen().includes('d dashboard, r review'))
})

test('the status segment shows the pushed summary and nothing when there is none', async () => {
  const { server, terminal } = await attached()
  server.tmux('set-option', '-g', 'status-right', '<#{E:@kage-status}>')
  await until(() => terminal.screen().includes('<>'))
  server.tmux('set-environment', '-gh', 'KAGE_SUMMARY', '●● ? 3✓')
  server.tmux('refresh-client', '-S', '-t', server.tmux('list-clients', '-F', '#{client_name}'))
  await until(() => terminal.screen().includes('<kage ●● ? 3✓ >'))
})
