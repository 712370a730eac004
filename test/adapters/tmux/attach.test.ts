import { expect, test } from 'vitest'
import { attachTo } from '../../../src/adapters/tmux/attach.ts'
import { openPane } from '../../../src/adapters/tmux/pane.ts'
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
