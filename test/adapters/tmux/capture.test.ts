import { expect, test } from 'vitest'
import { capturePane } from '../../../src/adapters/tmux/capture.ts'
import { listPanes, nudge } from '../../../src/adapters/tmux/list.ts'
import { openPane } from '../../../src/adapters/tmux/pane.ts'
import { controlOf, wishFor } from '../../support/tmux-control.ts'
import { privateServer } from '../../support/tmux-server.ts'
import { until } from '../../support/until.ts'

test('a screen and its past are read as the agent wrote them', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const { pane } = await openPane(control, wishFor('r1/a', `seq 1 200; printf '%%end 1 1 1 🦊'; exec cat`))
  await until(async () => (await capturePane(server, pane)).includes('%end 1 1 1 🦊'))
  expect(await capturePane(server, pane)).not.toContain('\n1\n2\n')
  expect((await capturePane(server, pane, 1000)).startsWith('1\n2\n3\n')).toBe(true)
  await expect(capturePane(server, '%999')).rejects.toMatchObject({ code: 'KAGE_TMUX_FAILED' })
})

test('a nudged server tells of every program that has ended', async () => {
  const server = privateServer()
  const control = await controlOf(server)
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  const script = (name: string): string => `${server.program} wait-for go-${name}; exit 5`
  await Promise.all(names.map((name) => openPane(control, wishFor(`r1/${name}`, script(name)))))
  for (const name of names) server.tmux('wait-for', '-S', `go-${name}`)
  await until(async () => {
    await nudge(control)
    return (await listPanes(control)).every(({ dead, deadStatus }) => dead && deadStatus === 5)
  })
})
