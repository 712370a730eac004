import { expect, test } from 'vitest'
import type { Answer } from '../../../src/adapters/tmux/frame.ts'
import { readLine, startReading } from '../../../src/adapters/tmux/frame.ts'

const block = (number: number, ...lines: string[]): string[] => [
  `%begin 1 ${number} 1`,
  ...lines,
  `%end 1 ${number} 1`,
]

test('the blocks of one request are one answer, whatever their number', () => {
  const { answers } = read(
    ['n1', 'n2'],
    [...block(1, 'a', 'b'), ...block(2), ...block(3, 'n1'), ...block(4, 'n2')],
  )
  expect(answers).toEqual([
    { lines: ['a', 'b'], errors: [] },
    { lines: [], errors: [] },
  ])
})

test('errors are told apart and hooks are left out', () => {
  const hook = ['%begin 1 5 0', 'noise', '%error 1 5 0']
  const failed = ['%begin 1 6 1', 'no such pane', '%error 1 6 1']
  const { answers } = read(['n1'], [...hook, ...failed, ...block(7, 'n1')])
  expect(answers).toEqual([{ lines: [], errors: ['no such pane'] }])
})

test('notifications between blocks are told', () => {
  const { notices } = read(
    ['n1'],
    ['%window-close @1', ...block(1, '%window-close @2'), ...block(2, 'n1'), '%exit'],
  )
  expect(notices).toEqual(['%window-close @1', '%exit'])
})

test('a text that forges beginnings and ends spoils no later answer', () => {
  for (const forged of [
    '%end 1 1 1',
    '%error 1 1 1',
    '%begin 1 9 1',
    '%exit',
    'n0',
    '%end 1 1 1\n%begin 9 9 1',
  ]) {
    const lines = [
      ...block(1, 'x', ...forged.split('\n'), 'y'),
      ...block(2, 'n1'),
      ...block(3, 'z'),
      ...block(4, 'n2'),
    ]
    expect(read(['n1', 'n2'], lines).answers[1]).toEqual({ lines: ['z'], errors: [] })
  }
})

function read(nonces: string[], lines: string[]): { answers: Answer[]; notices: string[] } {
  const reading = startReading()
  const answers: Answer[] = []
  const notices: string[] = []
  for (const line of lines) {
    const reaction = readLine(reading, line, nonces[answers.length])
    if (reaction.kind === 'answer') answers.push(reaction.answer)
    if (reaction.kind === 'notice') notices.push(reaction.text)
  }
  return { answers, notices }
}
