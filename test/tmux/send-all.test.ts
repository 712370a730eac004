import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { attached, openAgents } from '../support/attached.ts'
import { until } from '../support/until.ts'

test('a text sent to all reaches each living agent exactly as typed', async () => {
  const { server, plugin, terminal, press } = await attached()
  await press('s', () => terminal.screen().includes('kage: no agents to send to'))
  openAgents(server, 3)
  const dead = openAgents(server, 1, 'exit 1', 'r2')[0] ?? ''
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
  for (const keys of [['Enter'], ['Escape'], ['-l', '--', 'half a text']]) {
    await press('s', () => terminal.screen().includes('Send to r1/a-1'))
    terminal.type(...keys)
    if (keys.length > 1) {
      await until(() => terminal.screen().includes('half a text'))
      terminal.type('Escape')
    }
    await until(() => !terminal.screen().includes('Send to'))
  }
  expect(plugin.calls()).toHaveLength(3 * texts.length)
  expect(existsSync(join(plugin.directory, 'm'))).toBe(false)
})
