import { expect, test } from 'vitest'
import { makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { refused } from '../support/refusal.ts'

test('words that cannot be understood end with 2 and change nothing', async () => {
  const house = makeHouse()
  house.agent('ada', 'exit 0')
  const repository = makeRepository()
  const cases: readonly (readonly string[])[] = [
    [],
    ['nonsense'],
    ['plan', 'x'],
    ['__proto__'],
    ['--nonsense'],
    ['ls', '--nope'],
    ['ls', 'extra'],
    ['ls', '--all=x'],
    ['ls', '--repo'],
    ['ls', '--repo', ''],
    ['help', 'nonsense'],
    ['help', 'ls', 'extra'],
    ['state', 'x'],
    ['state', '--at', 'x'],
    ['state', '--at', ''],
    ['doctor', 'x'],
    ['daemon'],
    ['daemon', 'dance'],
    ['daemon', 'start', 'stop'],
    ...['show', 'wait', 'attach', 'diff', 'regions', 'stop', 'pause', 'resume', 'interrupt'].flatMap(
      (command) => [[command], [command, 'r1', 'r2']],
    ),
    ['clean', 'a', 'b'],
    ['trust', 'a', 'b'],
    ['log', 'a', 'b'],
    ['log', '--since', 'x'],
    ['log', '--since', '-5'],
    ['log', '--since', '1.5'],
    ['undo', 'a', 'b'],
    ['undo', '--list', 'x'],
    ['send', 'x'],
    ['send', 'x', ''],
    ['compare'],
    ['wait', 'r1', '--timeout', 'x'],
    ['wait', 'r1', '--timeout', '-1'],
    ['spawn'],
    ['spawn', '-n'],
    ['spawn', '-n', '', 'task'],
    ['spawn', '-n', 'abc', 'task'],
    ['spawn', '-n', '1.5', 'task'],
    ['spawn', '-n', '1e1', 'task'],
    ['spawn', '-n', '0x1', 'task'],
    ['spawn', '--timeout', '3', 'task'],
    ['spawn', '--wait', '--timeout', 'x', 'task'],
    ['spawn', '--wait', '--timeout', '-1', 'task'],
    ['spawn', '--budget', 'x', 'task'],
    ['spawn', '--max-turns', '-1', 'task'],
    ['spawn', '--max-turns', '0', 'task'],
    ['spawn', '--max-turns', '1.5', 'task'],
    ['spawn', '--budget', '0', 'task'],
    ['spawn', '--base', 'HEAD', '--with-changes', 'task'],
    ['pick'],
    ['pick', 'r1', 'nonsense'],
    ['pick', 'r1', 'g1='],
    ['pick', 'r1', '=ada'],
    ['pick', 'r1', '--path', 'a.txt'],
    ['pick', 'r1', '--region', 'g1'],
    ['pick', 'r1', '-m'],
    ['pick', 'r1', '--into', 'main', '--commit'],
    ...['nonsense', 'g3.a:-1-2', 'g3.a:1-', ':1', ''].map((lines) => ['pick', 'r1', '--lines', lines]),
  ]
  for (const words of cases) await refused(house, repository, words, 2, 'KAGE_USAGE')
})

test('without --json a usage error is two lines on stderr and nothing on stdout', async () => {
  const house = makeHouse()
  const said = await house.plain(makeRepository(), ['show'])
  expect([said.code, said.stdout, said.stderr.split('\n').length]).toEqual([2, '', 3])
})

test('without a word the whole help is told', async () => {
  const house = makeHouse()
  const [bare, help] = [
    await house.plain(makeRepository(), []),
    await house.plain(makeRepository(), ['help']),
  ]
  expect([bare.code, bare.stdout]).toEqual([0, help.stdout])
})

test('lines to be copied into the configuration have nothing after them', async () => {
  const house = makeHouse()
  const { stderr } = await house.plain(makeRepository(), ['spawn', 'a task'])
  expect(stderr).toMatch(/^kage: Agent "coder" .* \(KAGE_AGENT_MODEL\)$/m)
  expect(stderr).toMatch(/^ +model = "NAME-OF-A-MODEL"$/m)
})

test('ids of nothing are refused by their code', async () => {
  const house = makeHouse()
  house.agent('ada', 'exit 0')
  const repository = makeRepository()
  const unknownRuns = ['r0', 'r999', 'r99999999999999999999']
  const unknownAgents = ['nonsense', '../x', 'r1/', '/', '__proto__', 'constructor/x', 'r1/ada', 'R1', '#{x}']
  for (const id of unknownRuns) await refused(house, repository, ['show', id], 1, 'KAGE_RUN_UNKNOWN')
  for (const id of unknownAgents) await refused(house, repository, ['show', id], 1, 'KAGE_AGENT_UNKNOWN')
  for (const command of [
    'wait',
    'stop',
    'pause',
    'resume',
    'interrupt',
    'diff',
    'regions',
    'pick',
    'clean',
    'attach',
  ])
    await refused(house, repository, [command, 'r9'], 1, 'KAGE_RUN_UNKNOWN')
  await refused(house, repository, ['log', 'r9'], 1, 'KAGE_RUN_UNKNOWN')
  await refused(house, repository, ['send', 'r9', 'hello'], 1, 'KAGE_RUN_UNKNOWN')
  await refused(house, repository, ['undo'], 1, 'KAGE_UNDO_UNKNOWN')
  for (const id of ['u9', '__proto__', '../u1'])
    await refused(house, repository, ['undo', id], 1, 'KAGE_UNDO_UNKNOWN')
})

test('a bare name that several agents have is refused with their full names', async () => {
  const house = makeHouse()
  house.agent('ada', 'exit 0')
  const repository = makeRepository()
  for (const task of ['one', 'two']) await house.done(repository, ['spawn', '--wait', task])
  const message = await refused(house, repository, ['show', 'ada'], 1, 'KAGE_AGENT_AMBIGUOUS')
  expect(message).toContain('r1/ada, r2/ada')
})

test('counts, agents, bases and tasks that make no sense start nothing', async () => {
  const house = makeHouse()
  house.agent('ada', 'exit 0')
  const repository = makeRepository()
  for (const count of ['0', '-1', '100', '1000', '999999999999999'])
    await refused(house, repository, ['spawn', '-n', count, 'task'], 1, 'KAGE_COUNT_INVALID')
  await refused(house, repository, ['spawn', '-n', '13', 'task'], 1, 'KAGE_LIMIT')
  for (const agent of ['nobody', '__proto__', 'constructor', 'toString', '#(x)'])
    await refused(house, repository, ['spawn', '-a', agent, 'task'], 1, 'KAGE_AGENT_UNKNOWN')
  for (const base of ['nope', '--output=x', 'HEAD:a.txt', 'HEAD..HEAD', '-x', 'main^{tree}'])
    await refused(house, repository, ['spawn', '--base', base, 'task'], 1, 'KAGE_REVISION_UNKNOWN')
  for (const task of ['', '   ', '\n\t\n', '\u00a0'])
    await refused(house, repository, ['spawn', task], 2, 'KAGE_USAGE')
  await refused(house, repository, ['spawn', '-'], 1, 'KAGE_TASK_EMPTY', { input: ' \n' })
  await refused(house, repository, ['spawn', '-'], 1, 'KAGE_TASK_EMPTY', { input: 'a\0b' })
  await refused(house, repository, ['spawn', '-'], 1, 'KAGE_TASK_TOO_LONG', { input: 'x'.repeat(2_097_153) })
  expect(await house.done(repository, ['ls'])).toEqual({ runs: [] })
})

test('revisions that cannot be compared make no run', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const other = makeRepository()
  for (const revision of ['nope', '--output=x', '-x', other])
    await refused(house, repository, ['compare', '--', revision], 1, 'KAGE_REVISION_UNKNOWN')
  await refused(house, repository, ['compare', house.directory], 1, 'KAGE_NOT_A_REPOSITORY')
  await refused(house, repository, ['compare', 'main', '--base', 'nope'], 1, 'KAGE_REVISION_UNKNOWN')
  await refused(house, repository, ['compare', 'main', 'main'], 2, 'KAGE_USAGE')
  expect(await house.done(repository, ['ls'])).toEqual({ runs: [] })
})
