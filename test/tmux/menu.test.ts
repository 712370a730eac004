import { expect, test } from 'vitest'
import { attached, openAgents } from '../support/attached.ts'
import { until } from '../support/until.ts'

test('the menu has every action, and each acts as its key does', async () => {
  const { server, terminal, press, current } = await attached()
  const [one, two = ''] = openAgents(server, 2)
  const own = current()
  server.tmux('set-option', '-g', '@kage_waiting', two)
  const choose = async (key: string, probe: () => boolean): Promise<void> => {
    await press('m', () => terminal.screen().includes('dashboard'))
    terminal.type(key)
    await until(probe)
  }
  await press('m', () => terminal.screen().includes('dashboard'))
  const shown = terminal.screen().matchAll(/│ *(.+?) +\((.)\) *│/g)
  expect([...shown].map(([, name, key]) => `${key} ${name}`)).toEqual([
    'd dashboard',
    "r review of this agent's run, else of the last one",
    'a all agents',
    'n next agent',
    'p previous agent',
    'w the next agent that waits for you',
    'b back to where you came from',
    's send a text to all agents',
    "x interrupt this pane's agent",
    '? these keys',
  ])
  terminal.type('Escape')
  await until(() => !terminal.screen().includes('dashboard'))
  await choose('n', () => current() === one)
  await choose('w', () => current() === two)
  await choose('b', () => current() === own)
  await choose('x', () => terminal.screen().includes('kage: no agent in this pane'))
  await choose('s', () => terminal.screen().includes('Send to r1/a-1 r1/a-2'))
  terminal.type('Enter')
  await until(() => !terminal.screen().includes('Send to'))
  await choose('?', () => terminal.screen().includes('all agents to choose from'))
})

test('all agents, and agents only, are there to choose from', async () => {
  const { server, terminal, press, current } = await attached()
  const [one, two = '', three = ''] = openAgents(server, 3)
  server.tmux('join-pane', '-d', '-s', two, '-t', three)
  await press('m', () => terminal.screen().includes('all agents'))
  terminal.type('a')
  await until(() => terminal.screen().includes('r1/a-2'))
  expect(terminal.screen()).not.toContain('no matches')
  expect(terminal.screen()).toContain('r1/a-1 working')
  expect(terminal.screen()).toContain('r1/a-3 working')
  expect(terminal.screen()).not.toMatch(/^.*- user/m)
  terminal.type('q')
  expect([one, two]).not.toContain(current())
})

test('where there is no room for the menu, a line tells the keys', async () => {
  const { terminal, press } = await attached({ columns: 50, rows: 10 })
  await press('m', () => terminal.screen().includes('kage: d dashboard, r review'))
})
