import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { attached, openAgents } from '../support/attached.ts'
import { temporaryDirectory } from '../support/temporary.ts'
import { until } from '../support/until.ts'

test('next and previous go round all agents in any session, with no daemon', async () => {
  const { server, terminal, press, current } = await attached()
  const panes = openAgents(server, 3)
  const [one, two, three] = panes
  await press('n', () => current() === one)
  await press('n', () => current() === two)
  await press('n', () => current() === three)
  await press('n', () => current() === one)
  await press('p', () => current() === three)
  await press('p', () => current() === two)
  server.tmux('switch-client', '-t', 'user:0')
  await press('p', () => current() === three)
  await press('2', () => current() === two)
  expect(terminal.screen()).not.toContain('kage:')
})

test('the waiting key goes to the next agent that waits', async () => {
  const { server, press, current } = await attached()
  const [one = '', two = ''] = openAgents(server, 2)
  server.tmux('set-option', '-g', '@kage_waiting', two)
  await press('w', () => current() === two)
  server.tmux('set-option', '-p', '-t', two, '@kage_waiting', one)
  await press('w', () => current() === one)
})

test('a zoomed pane stays zoomed when its neighbour is visited', async () => {
  const { server, press, current } = await attached()
  const [one = '', two = ''] = openAgents(server, 2)
  server.tmux('join-pane', '-d', '-s', two, '-t', one)
  await press('1', () => current() === one)
  server.tmux('resize-pane', '-Z', '-t', one)
  await press('n', () => current() === two)
  expect(server.tmux('display-message', '-p', '-t', two, '#{window_zoomed_flag}')).toBe('1')
})

test('a target that is gone, absent or no pane is told', async () => {
  const { server, terminal, press, current } = await attached()
  const told = (text: string) => () => terminal.screen().includes(`kage: ${text}`)
  for (const key of ['n', 'p', '1', 'w']) await press(key, told('no agent to go to'))
  const [one = '', two = ''] = openAgents(server, 2)
  await press('1', () => current() === one)
  server.tmux('kill-pane', '-t', two)
  await press('n', told('that agent is gone'))
  await press('2', told('that agent is gone'))
  expect(current()).toBe(one)
  const home = temporaryDirectory()
  server.tmux('set-option', '-g', '@kage_3', `%1" ; run-shell "touch ${home}/m`)
  server.tmux('set-option', '-g', '@kage_4', `#(touch ${home}/m)`)
  await press('3', told('no agent to go to'))
  await press('4', told('no agent to go to'))
  expect(readdirSync(home)).toEqual([])
})

test('back goes where one of the own panes was left by a key', async () => {
  const { server, terminal, press, current } = await attached()
  await press('b', () => terminal.screen().includes('kage: no pane to go to'))
  const [one, two] = openAgents(server, 2)
  const own = server.tmux('split-window', '-P', '-F', '#{pane_id}', '-t', 'user:0', '--', 'cat')
  await press('1', () => current() === one)
  await press('n', () => current() === two)
  await press('b', () => current() === own)
  expect(terminal.screen()).not.toContain('kage:')
})

test('back goes to the pane that the daemon remembered, unless it is gone or no pane', async () => {
  const { server, terminal, press, current } = await attached()
  const [one = ''] = openAgents(server, 1)
  const left = server.tmux('new-window', '-d', '-P', '-F', '#{pane_id}', '-t', 'user:', '--', 'cat')
  server.tmux('switch-client', '-t', one)
  server.tmux('set-environment', '-gh', 'KAGE_BACK', left)
  await press('b', () => current() === left)
  server.tmux('switch-client', '-t', one)
  server.tmux('kill-pane', '-t', left)
  await press('b', () => terminal.screen().includes('kage: that pane is gone'))
  const home = temporaryDirectory()
  server.tmux('set-environment', '-gh', 'KAGE_BACK', `%1" ; run-shell "touch ${home}/m`)
  await press('b', () => terminal.screen().includes('kage: no pane to go to'))
  expect(current()).toBe(one)
  expect(readdirSync(home)).toEqual([])
})

test("the interrupt key reaches this pane's agent, also from copy mode, and nobody else", async () => {
  const { server, terminal, press, current } = await attached()
  await press('x', () => terminal.screen().includes('kage: no agent in this pane'))
  const [one = ''] = openAgents(server, 1, `trap 'echo interrupted' INT; while :; do sleep 0.05; done`)
  await press('1', () => current() === one)
  server.tmux('copy-mode', '-t', one)
  await press('x', () => server.tmux('capture-pane', '-p', '-t', one).includes('interrupted'))
  server.tmux('respawn-pane', '-k', '-t', one, '--', 'sh', '-c', 'exit 1')
  await until(() => server.tmux('display-message', '-p', '-t', one, '#{pane_dead}') === '1')
  await press('x', () => terminal.screen().includes('kage: this agent has ended'))
})
