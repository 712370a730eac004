import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openBell } from '../../../src/adapters/tmux/bell.ts'
import { listPanes } from '../../../src/adapters/tmux/list.ts'
import { closePane, openPane } from '../../../src/adapters/tmux/pane.ts'
import { createRing } from '../../../src/adapters/tmux/ring.ts'
import { createSummary } from '../../../src/adapters/tmux/status.ts'
import { sendText } from '../../../src/adapters/tmux/text.ts'
import { controlOf, wishFor } from '../../support/tmux-control.ts'
import { attachTerminal } from '../../support/terminal.ts'
import type { PrivateServer } from '../../support/tmux-server.ts'
import { privateServer } from '../../support/tmux-server.ts'
import { until } from '../../support/until.ts'

const configuration = (marker: string): string => `
set -g status-right "a b  #(true)"
set -g base-index 1
set -g pane-base-index 1
set -g renumber-windows on
set -g default-command "touch ${marker}"
set -g default-shell /bin/false
set -g remain-on-exit on
set -g remain-on-exit-format "dead #{pane_dead_status}"
set -g automatic-rename on
set -g allow-rename on
set -g synchronize-panes on
set -g destroy-unattached on
set -g detach-on-destroy off
set -g aggressive-resize on
set -g window-size smallest
set -g default-size 10x4
set -g history-limit 5
set -g mode-keys vi
set -g pane-border-status bottom
set-hook -g after-new-window "rename-window mine ; select-pane -t %999"
set-hook -g after-split-window "select-layout even-vertical ; select-pane -t :.1"
set-hook -g after-select-layout "display-message -p noise"
set-hook -g session-created "set -g @created x"
set-hook -g window-linked "set -g @linked x"
set-hook -g pane-died "set -g @died x"
bind x display-message mine
bind -n M-x display-message mine
`

test('agents are opened in a hostile configuration beside a tiny client, and nothing foreign runs', async () => {
  const server = privateServer()
  const marker = join(server.directory, 'marker')
  attachTerminal(server, 'user', 20, 5)
  await until(() => server.tmux('list-clients') !== '')
  const file = join(server.directory, 'hostile.conf')
  writeFileSync(file, configuration(marker))
  server.tmux('source-file', file)
  const control = await controlOf(server)
  const agents = Array.from({ length: 6 }, (_, index) => `r3/a-${index + 1}`)
  const panes = await Promise.all(agents.map((agent) => openPane(control, wishFor(agent))))
  expect((await listPanes(control)).map(({ agent }) => agent).toSorted()).toEqual(agents)
  const sizes = server.tmux(
    'list-panes',
    '-s',
    '-t',
    '=kage:',
    '-f',
    '#{@kage_agent}',
    '-F',
    '#{pane_width} #{pane_height}',
  )
  for (const size of sizes.split('\n')) {
    const [width = 0, height = 0] = size.split(' ').map(Number)
    expect(width).toBeGreaterThanOrEqual(80)
    expect(height).toBeGreaterThanOrEqual(20)
  }
  expect(await sendText(control, panes[0]?.pane ?? '', 'r3/a-1', 'hello')).toBe('unverified')
  await until(() => server.tmux('capture-pane', '-p', '-t', panes[0]?.pane ?? '').includes('hello'))
  expect(server.tmux('capture-pane', '-p', '-t', panes[1]?.pane ?? '')).not.toContain('hello')
  expect(existsSync(marker)).toBe(false)
})

test("the person's sessions, options, hooks, keys and focus are the same before and after", async () => {
  const server = privateServer()
  const file = join(server.directory, 'hostile.conf')
  writeFileSync(
    file,
    configuration('x').replaceAll(/^set-hook.*$|^.*(synchronize|unattached|default-command).*$/gm, ''),
  )
  server.tmux('source-file', file)
  server.tmux('set-hook', '-g', 'pane-died', 'display-message mine')
  server.tmux('split-window', '-t', 'user:', '--', 'sh', '-c', 'exec cat')
  attachTerminal(server, 'user')
  await until(() => server.tmux('list-clients') !== '' && fingerprint(server)['windows']?.includes(' cat '))
  const before = fingerprint(server)
  const control = await controlOf(server)
  const bell = await openBell(control, 'kage-bell-test', () => {})
  const [one, other] = await Promise.all(['r1/a', 'r1/b'].map((agent) => openPane(control, wishFor(agent))))
  const ring = createRing(control)
  await ring.update({ panes: [one?.pane ?? '', other?.pane ?? ''], waiting: [] })
  const summary = createSummary(control)
  summary.push('x')
  await sendText(control, one?.pane ?? '', 'r1/a', 'text')
  await ring.update({ panes: [], waiting: [] })
  await closePane(control, one?.pane ?? '', 'r1/a')
  await closePane(control, other?.pane ?? '', 'r1/b')
  bell.close()
  summary.close()
  await control.close()
  await until(() => !server.tmux('list-clients', '-F', '#{session_name}').includes('kage'))
  expect(fingerprint(server)).toEqual(before)
  expect(server.tmux('list-sessions', '-F', '#{session_name}').split('\n').toSorted()).toEqual([
    'kage',
    'user',
  ])
})

test('a server killed while panes are opening fails them and leaves nothing', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const opening = Array.from({ length: 8 }, (_, index) => openPane(control, wishFor(`r1/a-${index + 1}`)))
  await opening[1]
  server.tmux('kill-server')
  for (const outcome of await Promise.allSettled(opening))
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'KAGE_TMUX_LOST' })
  await expect(openPane(control, wishFor('r1/late'))).rejects.toMatchObject({
    code: 'KAGE_TMUX_LOST',
  })
})

test('an agent that writes for its life holds up neither the connection nor the end of the server', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const outputFile = join(server.directory, 'out')
  const shout = `while :; do printf '%%end 1 1 1 \\033[31m%%exit %s\\n' x; done`
  await Promise.all(['r1/a', 'r1/b'].map((agent) => openPane(control, wishFor(agent, shout, { outputFile }))))
  for (let round = 0; round < 50; round += 1) expect((await listPanes(control)).length).toBe(2)
  server.tmux('kill-server')
  await until(() => !alive(server))
})

function fingerprint(server: PrivateServer): Record<string, string> {
  const said = (...words: string[]): string => server.tmux(...words)
  return {
    keys: said('list-keys'),
    options: said('show-options', '-g'),
    windowOptions: said('show-options', '-gw'),
    serverOptions: said('show-options', '-s'),
    hooks: said('show-hooks', '-g'),
    userOptions: said('show-options', '-t', 'user:'),
    windows: said(
      'list-windows',
      '-t',
      'user:',
      '-F',
      '#{window_id} #{window_name} #{window_layout} #{window_active}',
    ),
    panes: said(
      'list-panes',
      '-s',
      '-t',
      'user:',
      '-F',
      '#{pane_id} #{pane_pid} #{pane_active} #{pane_width}',
    ),
    client: said('list-clients', '-F', '#{session_name} #{pane_id}'),
    buffers: said('list-buffers'),
    environment: said('show-environment', '-g'),
  }
}

function alive(server: PrivateServer): boolean {
  try {
    server.tmux('-N', 'list-sessions')
    return true
  } catch {
    return false
  }
}
