import { expect, test } from 'vitest'
import { openPane } from '../../../src/adapters/tmux/pane.ts'
import { createRing, ringOptions } from '../../../src/adapters/tmux/ring.ts'
import { controlOf, wishFor } from '../../support/tmux-control.ts'
import { privateServer } from '../../support/tmux-server.ts'

test('every pane knows its neighbours and the next that waits', () => {
  const options = ringOptions({ panes: ['%1', '%2', '%3'], waiting: ['%3', '%1'] })
  expect(Object.fromEntries(options)).toEqual({
    '%1 @kage_next': '%2',
    '%1 @kage_prev': '%3',
    '%1 @kage_waiting': '%3',
    '%2 @kage_next': '%3',
    '%2 @kage_prev': '%1',
    '%2 @kage_waiting': '%3',
    '%3 @kage_next': '%1',
    '%3 @kage_prev': '%2',
    '%3 @kage_waiting': '%1',
    ' @kage_1': '%1',
    ' @kage_2': '%2',
    ' @kage_3': '%3',
    ' @kage_waiting': '%1',
  })
  expect(ringOptions({ panes: [], waiting: ['%1'] }).size).toBe(0)
})

test('the ring is written as differences and survives panes that are gone', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const ring = createRing(control)
  const [a, b] = await Promise.all(['r1/a', 'r1/b'].map((agent) => openPane(control, wishFor(agent))))
  const [one, other] = [a?.pane ?? '', b?.pane ?? '']
  await ring.update({ panes: [one, other, '%999'], waiting: [other] })
  expect(server.tmux('display-message', '-p', '-t', one, '#{@kage_next} #{@kage_waiting} #{@kage_3}')).toBe(
    `${other} ${other} %999`,
  )
  await ring.update({ panes: [one, other], waiting: [] })
  expect(server.tmux('display-message', '-p', '-t', other, '#{@kage_next}|#{@kage_waiting}|#{@kage_3}')).toBe(
    `${one}||`,
  )
  server.tmux('set-option', '-p', '-t', one, '@kage_next', 'mark')
  await ring.update({ panes: [one, other], waiting: [other] })
  expect(server.tmux('display-message', '-p', '-t', one, '#{@kage_next}')).toBe('mark')
  await ring.update({ panes: [], waiting: [] })
  expect(server.tmux('show-options', '-g').match(/@kage_\w+/g)).toBe(null)
})
