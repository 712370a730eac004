import { expect, test } from 'vitest'
import { openPane } from '../../../src/adapters/tmux/pane.ts'
import { controlOf, wishFor } from '../../support/tmux-control.ts'
import { privateServer } from '../../support/tmux-server.ts'

test('a pane whose owner died before it was marked is closed when its agent is opened again', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const other = server.tmux(
    'new-window',
    '-dP',
    '-F',
    '#{pane_id}',
    '-t',
    'kage:',
    '--',
    'sh',
    '-c',
    'sleep 1000',
  )
  const stray = server.tmux(
    'new-window',
    '-dP',
    '-F',
    '#{pane_id}',
    '-t',
    'kage:',
    '--',
    ...wishFor('r1/a').argv,
  )
  const users = server.tmux(
    'new-window',
    '-dP',
    '-F',
    '#{pane_id}',
    '-t',
    'user:',
    '--',
    ...wishFor('r1/a').argv,
  )
  const { pane } = await openPane(control, wishFor('r1/a'))
  const panes = server.tmux('list-panes', '-a', '-F', '#{pane_id}').split('\n')
  expect(panes).not.toContain(stray)
  expect(panes).toEqual(expect.arrayContaining([other, users, pane]))
})
