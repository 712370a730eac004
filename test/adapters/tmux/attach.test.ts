import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { attachTo } from '../../../src/adapters/tmux/attach.ts'
import { openControl } from '../../../src/adapters/tmux/control.ts'
import { openPane } from '../../../src/adapters/tmux/pane.ts'
import { attached } from '../../support/attached.ts'
import { controlOf, wishFor } from '../../support/tmux-control.ts'
import { attachTerminal } from '../../support/terminal.ts'
import { privateServer } from '../../support/tmux-server.ts'
import { until } from '../../support/until.ts'

const clients = ['list-clients', '-F', '#{?client_control_mode,control,#{session_name} #{pane_id}}'] as const

test('the asking client is moved to the pane and no other', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  await openPane(control, wishFor('r1/a'))
  const { pane } = await openPane(control, wishFor('r1/b', 'echo here I am; exec cat'))
  server.tmux('new-session', '-d', '-s', 'other', '--', 'sh', '-c', 'exec cat')
  const terminal = attachTerminal(server, 'user')
  attachTerminal(server, 'other')
  await until(() => server.tmux(...clients).split('\n').length === 3)
  const asking = server
    .tmux('display-message', '-p', '-t', 'user:', '#{socket_path},#{pid},0 #{pane_id}')
    .split(' ')
  expect(await attachTo(control, pane, { tmux: asking[0], tmuxPane: asking[1] })).toMatchObject({
    kind: 'moved',
  })
  await until(() => server.tmux(...clients).includes(`kage ${pane}`))
  expect(server.tmux(...clients)).toContain('other %')
  await until(() => terminal.screen().includes('here I am'))
})

test('the pane that is left is remembered, unless it is an agent itself, and a key goes back to it alone', async () => {
  const { server, press, current } = await attached()
  const own = current()
  const control = await openControl(server)
  const { pane: one } = await openPane(control, wishFor('r1/a'))
  const { pane: two } = await openPane(control, wishFor('r1/b'))
  const tmux = server.tmux(
    'display-message',
    '-p',
    '-t',
    'user:',
    '#{socket_path},#{pid},#{s/.//:session_id}',
  )
  await attachTo(control, one, { tmux, tmuxPane: own })
  await until(() => current().split('\n').includes(one))
  expect(server.tmux('show-environment', '-gh', 'KAGE_BACK')).toBe(`KAGE_BACK=${own}`)
  expect(await attachTo(control, two, { tmux, tmuxPane: one })).toMatchObject({ kind: 'moved' })
  expect(server.tmux('show-environment', '-gh', 'KAGE_BACK')).toBe(`KAGE_BACK=${own}`)
  await control.close()
  await until(() => current() === two)
  await press('b', () => current() === own)
})

test('from a popup the client that shows it is moved, and comes back to the pane below', async () => {
  const { server, terminal, press, current } = await attached()
  server.tmux('new-session', '-d', '-s', 'other', '--', 'sh', '-c', 'exec cat')
  attachTerminal(server, 'other')
  await until(() => server.tmux('list-clients', '-F', '#{session_name}').includes('other'))
  const control = await openControl(server)
  const { pane } = await openPane(control, wishFor('r1/a', 'echo here I am; exec cat'))
  const own = server.tmux('display-message', '-p', '-t', 'user:', '#{pane_id}')
  const [file, go] = [join(server.directory, 'asked'), join(server.directory, 'go')]
  const script = `echo "$TMUX \${TMUX_PANE-none}" > '${file}'; until [ -e '${go}' ]; do sleep 0.05; done`
  server.tmux('bind-key', '-n', 'F5', 'display-popup', '-E', script)
  terminal.type('F5')
  await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'))
  const [tmux = '', tmuxPane = ''] = readFileSync(file, 'utf8').trim().split(' ')
  expect(tmuxPane).toBe('none')
  expect(await attachTo(control, pane, { tmux })).toMatchObject({ kind: 'moved' })
  writeFileSync(go, '')
  await until(() => terminal.screen().includes('here I am') && !terminal.screen().includes('┌'))
  expect(server.tmux(...clients)).toContain('other %')
  expect(server.tmux('show-environment', '-gh', 'KAGE_BACK')).toBe(`KAGE_BACK=${own}`)
  await control.close()
  await press('b', () => current().split('\n').includes(own))
})

test('a pane or session that is no more has to attach', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const { pane } = await openPane(control, wishFor('r1/a'))
  const tmux = `${server.socket},1`
  for (const asking of [
    { tmux: `${tmux},77` },
    { tmux },
    { tmux: `${tmux},0`, tmuxPane: '%77' },
    { tmuxPane: '%0' },
  ])
    expect(await attachTo(control, pane, asking)).toMatchObject({ kind: 'exec' })
})

test('a terminal outside is told what to become and then shows the pane', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  await openPane(control, wishFor('r1/a'))
  const { pane } = await openPane(control, wishFor('r2/b'))
  const outside = await attachTo(control, pane, {
    tmux: '/tmp/tmux-0/elsewhere,1,0',
    tmuxPane: '%0',
  })
  expect(outside).toMatchObject({ kind: 'exec', unset: ['TMUX', 'TMUX_PANE'] })
  const outer = privateServer({ start: false })
  const argv = outside.kind === 'exec' ? outside.argv : []
  outer.tmux('new-session', '-d', '-x', '90', '-y', '30', '--', 'env', '-u', 'TMUX', ...argv)
  await until(() => server.tmux(...clients).includes(`kage ${pane}`))
})

test('a pane that is gone refuses', async () => {
  const control = await controlOf(privateServer())
  await expect(attachTo(control, '%999', {})).rejects.toMatchObject({ code: 'KAGE_TMUX_FAILED' })
})
