import { expect, onTestFinished, test } from 'vitest'
import { openPane } from '../../../src/adapters/tmux/pane.ts'
import { createSummary, showStatus } from '../../../src/adapters/tmux/status.ts'
import { controlOf, wishFor } from '../../support/tmux-control.ts'
import { attachTerminal } from '../../support/terminal.ts'
import { privateServer } from '../../support/tmux-server.ts'
import { until } from '../../support/until.ts'

test('the summary stands in the status line at once and runs nothing', async () => {
  const server = privateServer()
  server.tmux('set-option', '-g', 'status-interval', '0')
  server.tmux('set-option', '-g', 'status-right-length', '80')
  server.tmux('set-option', '-g', 'status-right', '#{E:@kage_status}')
  server.tmux('set-option', '-g', '@kage_status', '[#{KAGE_SUMMARY}]')
  const control = await controlOf(server)
  const terminal = attachTerminal(server, 'user')
  const summary = createSummary(control)
  onTestFinished(() => summary.close())
  await until(() => terminal.screen().includes('[]'))
  summary.push('3 working ✓')
  await until(() => terminal.screen().includes('[3 working ✓]'))
  summary.push('x#(touch m)#{pid}#[fg=red]\x1b]0;y\x07\n')
  await until(() => terminal.screen().includes('[x(touch m){pid}[fg=red]]0;y]'))
})

test('many changes become few pushes and the last one stays', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  server.tmux('set-hook', '-g', 'after-set-environment', 'set-option -gaF @pushes x')
  const summary = createSummary(control)
  onTestFinished(() => summary.close())
  for (let count = 0; count < 500; count += 1) summary.push(`count ${count}`)
  await until(() => server.tmux('show-environment', '-gh', 'KAGE_SUMMARY') === 'KAGE_SUMMARY=count 499')
  expect(server.tmux('show-options', '-gqv', '@pushes').length).toBeLessThanOrEqual(3)
})

test("a pane's title shows the agent and its status", async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const terminal = attachTerminal(server, 'kage', 120, 40)
  const { pane } = await openPane(
    control,
    wishFor('r1/coder-1', 'exec cat', { options: { '@kage_state': 'starting' } }),
  )
  server.tmux('select-window', '-t', 'kage:r1')
  await until(() => terminal.screen().includes('r1/coder-1 starting'))
  await showStatus(control, pane, 'working')
  await until(() => terminal.screen().includes('r1/coder-1 working'))
})
