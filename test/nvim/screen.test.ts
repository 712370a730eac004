import { expect, test } from 'vitest'
import { createScreen } from '../../src/nvim/screen.ts'
import type { Frame, Pane } from '../../src/nvim/frame.ts'
import { until } from '../support/until.ts'

test('while a frame is under way the newest of each view waits, and the others are forgotten', async () => {
  const { sent, release, screen } = held()
  for (const title of ['1', '2', '3']) screen.paint('dash', [pane(title)])
  screen.paint('log', [pane('a')])
  screen.paint('log', [pane('b')])
  expect(sent.map(titleOf)).toEqual(['dash 1'])
  release()
  await until(() => sent.length === 2)
  expect(sent.map(titleOf)).toEqual(['dash 1', 'dash 3'])
  release()
  await until(() => sent.length === 3)
  release()
  screen.paint('log', [pane('c')])
  await until(() => sent.length === 4)
  expect(sent.map(titleOf)).toEqual(['dash 1', 'dash 3', 'log b', 'log c'])
  expect(sent.map(({ seq }) => seq)).toEqual(sent.map(({ seq }) => seq).toSorted((a, b) => a - b))
})

test('a view that is gone is painted no more, and a frame that fails stops nothing', async () => {
  const { sent, release, screen } = held()
  screen.paint('dash', [pane('1')])
  screen.paint('dash', [pane('2')])
  screen.paint('log', [pane('a')])
  screen.drop('dash')
  release(new Error('planted'))
  await until(() => sent.length === 2)
  expect(sent.map(titleOf)).toEqual(['dash 1', 'log a'])
})

function held(): {
  sent: Frame[]
  release: (problem?: Error) => void
  screen: ReturnType<typeof createScreen>
} {
  const sent: Frame[] = []
  let settle: (problem?: Error) => void = () => {}
  const screen = createScreen({
    await: (_module, _name, frame) => {
      sent.push(frame as Frame)
      return new Promise((resolve, reject) => {
        settle = (problem) => (problem === undefined ? resolve(true) : reject(problem))
      })
    },
  })
  return { sent, release: (problem) => settle(problem), screen }
}

function titleOf({ view, panes }: Frame): string {
  return `${view} ${panes[0]?.title}`
}

function pane(title: string): Pane {
  return { name: 'only', title, footer: '', lines: [], marks: [], rows: [], cursor: null }
}
