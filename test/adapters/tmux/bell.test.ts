import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { openBell } from '../../../src/adapters/tmux/bell.ts'
import { openPane } from '../../../src/adapters/tmux/pane.ts'
import { startServer } from '../../../src/adapters/tmux/session.ts'
import { controlOf, wishFor } from '../../support/tmux-control.ts'
import { privateServer } from '../../support/tmux-server.ts'
import { until } from '../../support/until.ts'

test('the bell rings when it is parked and when a program ends', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  let rings = 0
  const bell = await openBell(control, 'kage-bell-test', () => (rings += 1))
  onTestFinished(() => bell.close())
  await until(() => rings === 1)
  await openPane(control, wishFor('r1/a', `${server.program} wait-for go; exit 3`))
  await openPane(control, wishFor('r1/b'))
  expect(rings).toBe(1)
  server.tmux('wait-for', '-S', 'go')
  await until(() => rings === 2 || deadWithoutBell(server.tmux('list-panes', '-a', '-F', '#{pane_dead}')))
})

test('a ring while nobody waits is not lost', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  let rings = 0
  const bell = await openBell(control, 'kage-bell-test', () => (rings += 1))
  onTestFinished(() => bell.close())
  await until(() => rings === 1)
  for (let ring = 0; ring < 20; ring += 1) server.tmux('wait-for', '-S', 'kage-bell-test')
  await until(() => rings >= 2)
})

test('the waiter of a dead owner is freed', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const stale = spawn(server.program, ['-S', server.socket, 'wait-for', 'kage-bell-test'], {
    env: server.environment,
  })
  // It may end while the bell is still being opened.
  const ended = once(stale, 'exit')
  const bell = await openBell(control, 'kage-bell-test', () => {})
  onTestFinished(() => bell.close())
  await Promise.race([ended, until(() => server.tmux('wait-for', '-S', 'kage-bell-test') === 'never')])
  expect(stale.exitCode).toBe(0)
})

test('the bell waits again on a server that came back', async () => {
  const server = privateServer()
  const control = await controlOf(server, { onBack: () => void bell.park() })
  let rings = 0
  const bell = await openBell(control, 'kage-bell-test', () => (rings += 1))
  onTestFinished(() => bell.close())
  server.tmux('kill-server')
  await startServer(server)
  const before = rings
  await control.connect()
  await until(() => {
    server.tmux('wait-for', '-S', 'kage-bell-test')
    return rings > before + 1
  })
})

/** Some versions of tmux miss the end of a program now and then; its exit file tells it then. */
function deadWithoutBell(panes: string): boolean {
  return panes.split('\n').includes('1')
}
