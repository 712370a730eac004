import { expect, test } from 'vitest'
import { attached } from '../support/attached.ts'
import { pluginFor } from '../support/plugin.ts'
import type { PrivateServer } from '../support/tmux-server.ts'
import { privateServer } from '../support/tmux-server.ts'
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

test("the user's own bindings survive loading and unloading", async () => {
  const { server, plugin, terminal } = await attached({ load: false })
  server.tmux('bind-key', 'K', 'display-message', 'my own K')
  for (const key of ['n', 'd', 'r', 'b'])
    server.tmux('bind-key', '-T', 'kage', key, 'display-message', `my own ${key}`)
  const before = settings(server)
  plugin.load()
  await until(() => terminal.screen().includes('kage: prefix K is bound already'))
  expect(server.tmux('list-keys', '-T', 'prefix')).toContain('my own K')
  for (const key of ['n', 'd', 'r', 'b'])
    expect(server.tmux('list-keys', '-T', 'kage')).toContain(`my own ${key}`)
  plugin.unload()
  expect(settings(server)).toEqual(before)
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
