import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Results } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { agentNow, spawnRun, statuses, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'
import { holdUntil, makeWorkers } from '../support/worker.ts'

test('a paused agent halts and goes on where it was; the others never stop', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  for (const name of ['ada', 'bo'])
    house.agent(name, `while :; do echo x >> '${join(house.directory, name)}'; sleep 0.01; done`)
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  const grown = (name: string, from = 0): Promise<boolean> =>
    until(() => (statSync(join(house.directory, name), { throwIfNoEntry: false })?.size ?? 0) > from + 20)
  await grown('ada')

  await house.done(repository, ['pause', 'r1/ada'])
  const halted = sizeOf(house, 'ada')
  await grown('bo', sizeOf(house, 'bo'))
  expect(sizeOf(house, 'ada')).toBe(halted)
  expect(await agentNow(house, repository, 'r1/ada')).toMatchObject({
    status: 'paused',
    reason: 'paused by you',
  })
  expect(await house.kage(repository, ['pause', 'ada'])).toMatchObject({
    code: 1,
    json: { error: { code: 'KAGE_AGENT_STATE' } },
  })

  await house.killDaemon()
  expect((await house.kage(repository, ['wait', 'r1/ada', '--timeout', '5'])).code).toBe(3)
  expect(sizeOf(house, 'ada')).toBe(halted)
  await house.done(repository, ['resume', 'r1/ada'])
  await grown('ada', halted)
  expect(statuses((await house.done<{ run: RunView }>(repository, ['stop', 'r1'])).run)).toEqual([
    'stopped',
    'stopped',
  ])
})

test('an interrupt ends the program that does not catch it, and no other', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const caught = join(house.directory, 'caught')
  const go = join(house.directory, 'go')
  house.agent('ada', `trap 'echo caught >> "${caught}"' INT; echo ready > ready.txt; ${holdUntil(go)}`)
  house.agent('bo', `echo ready > ready.txt; ${holdUntil(go)}`)
  const { agents } = await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  for (const { worktree } of agents)
    await until(() => statSync(join(worktree, 'ready.txt'), { throwIfNoEntry: false }))
  await house.done(repository, ['interrupt', 'r1'])
  await until(() => statSync(caught, { throwIfNoEntry: false }))
  await house.kage(repository, ['wait', 'bo', '--timeout', '20'])
  const bo = await agentNow(house, repository, 'bo')
  expect(bo).toMatchObject({ status: 'stopped', changed: { files: 1 } })
  expect(bo.reason).toMatch(/^interrupted by you \(ended/)
  expect((await agentNow(house, repository, 'ada')).status).toBe('working')
})

test('stop is polite, and then it is not', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', `trap 'echo bye > bye.txt; exit 0' TERM; echo on > on.txt; while :; do sleep 0.02; done`)
  house.agent('bo', `trap '' TERM; echo on > on.txt; while :; do sleep 0.02; done`)
  const { agents } = await spawnRun(house, repository)
  for (const { worktree } of agents)
    await until(() => statSync(join(worktree, 'on.txt'), { throwIfNoEntry: false }))
  const { run } = await house.done<{ run: RunView }>(repository, ['stop', 'r1'])
  expect(run.agents.map(({ status, reason }) => `${status}: ${reason}`)).toEqual([
    'stopped: stopped by you (ended with exit status 0)',
    'stopped: stopped by you (ended by signal KILL)',
  ])
  expect((await house.kage(repository, ['wait', 'r1'])).code).toBe(3)
  expect((await house.plain(repository, ['diff', 'r1/ada'])).stdout).toContain('+bye')
  expect((await house.kage(repository, ['stop', 'r1'])).code).toBe(0)
})

test('waiting gives up after its time, and tells by its exit code what became of the run', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  workers.add('bo', 'exit 9')
  await spawnRun(house, repository, '-a', 'ada')
  expect((await house.kage(repository, ['wait', 'r1', '--timeout', '0.2'])).code).toBe(124)
  expect((await house.kage(repository, ['spawn', '-a', 'ada', '--wait', '--timeout', '0', 'x'])).code).toBe(
    124,
  )
  workers.letGo()
  expect((await house.kage(repository, ['wait', 'r1'])).code).toBe(0)
  expect((await house.kage(repository, ['spawn', '--wait', 'x'])).code).toBe(3)
})

test('a text arrives in a pane exactly, whatever it holds', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const heard = join(house.directory, 'heard')
  house.agent('ada', `while IFS= read -r line; do printf '%s\\n' "$line" >> '${heard}'; done`)
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  const texts = [
    `it's "quoted"; rm -rf $(echo no) \`echo no\` #{pane_id} #(touch x) \\n %1 ~ {a,b};`,
    'two\nlines',
    '影 🙂 é',
    '-t starts with a dash',
  ]
  for (const text of texts) {
    expect((await house.done<Results['send']>(repository, ['send', 'ada', '--', text])).outcome).toBe(
      'unverified',
    )
  }
  await until(() => readOr(heard) === `${texts.join('\n')}\n`)
  await house.done(repository, ['stop', 'r1'])
  const late = await house.kage<Results['send']>(repository, ['send', 'ada', 'hello'])
  expect(late).toMatchObject({ code: 1, json: { outcome: 'refused' } })
})

test('what is said of an agent comes with its source and its time', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada', 'exit 3')
  await spawnRun(house, repository)
  const [working] = (await untilAll(house, repository, 'working')).agents
  expect(working).toMatchObject({ reason: 'its program runs', source: 'launcher' })
  workers.letGo()
  await house.kage(repository, ['wait', 'r1'])
  const ended = await agentNow(house, repository, 'r1/ada')
  expect(ended).toMatchObject({ reason: 'ended with exit status 3', source: 'exit file', pid: null })
  expect(Date.parse(ended.since)).toBeGreaterThan(Date.parse(working?.since ?? ''))
  const { stdout } = await house.plain(repository, ['show', 'ada'])
  expect(stdout).toContain('r1/ada  failed: ended with exit status 3')
  expect(stdout).toContain(`said by   exit file, ${ended.since}`)
})

test.for(['pause', 'resume', 'interrupt', 'stop'] as const)(
  'a daemon killed right after it noted a %s carries it out once it is back',
  async (control) => {
    const house = makeHouse()
    const repository = makeRepository()
    const caught = join(house.directory, 'caught')
    house.agent('ada', `trap 'echo INT >> "${caught}"' INT; echo on > on.txt; while :; do sleep 0.02; done`)
    const { agents } = await spawnRun(house, repository)
    await until(() => statSync(join(agents[0]?.worktree ?? '', 'on.txt'), { throwIfNoEntry: false }))
    await untilAll(house, repository, 'working')
    if (control === 'resume') await house.done(repository, ['pause', 'r1'])
    await house.done(repository, ['daemon', 'stop'])
    const type = { pause: 'paused', resume: 'resumed', interrupt: 'interrupted', stop: 'stopping' }[control]
    await house.done(repository, ['daemon', 'start'], { environment: { KAGE_CRASH_AT: `agent.${type}` } })
    const said = await house.done<{ run: RunView }>(repository, [control, 'r1'])
    const status = { pause: 'paused', resume: 'working', interrupt: 'working', stop: 'stopped' }[control]
    expect(statuses(said.run)).toEqual([status])
    if (control === 'interrupt') await until(() => readOr(caught) === 'INT\n')
    await house.done(repository, ['stop', 'r1'])
  },
)

test('an agent speaks of itself over its own socket, and of nothing else', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const program = fileURLToPath(new URL('../support/asking-agent.ts', import.meta.url))
  house.agent('ada', `exec '${process.execPath}' '${program}' '${house.directory}'`)
  await spawnRun(house, repository)
  const waited = await house.kage<{ run: RunView }>(repository, ['wait', 'r1', '--timeout', '20'])
  expect(waited.code).toBe(3)
  expect(waited.json.run.agents[0]).toMatchObject({
    status: 'waiting',
    reason: 'which port?',
    source: 'agent',
  })
  await house.killDaemon()
  const restored = { ...waited.json.run.agents[0], captured: expect.any(Boolean) as boolean }
  expect(await agentNow(house, repository, 'ada')).toEqual(restored)
  writeFileSync(join(house.directory, 'go'), '')
  await until(() => readOr(join(house.directory, 'answers.json')) !== '')
  const answers = JSON.parse(readOr(join(house.directory, 'answers.json'))) as {
    hello: unknown
    refused: Record<string, string>
  }
  expect(answers.hello).toEqual({ agent: 'r1/ada' })
  expect(new Set(Object.values(answers.refused))).toEqual(new Set(['KAGE_FORBIDDEN']))
  await untilAll(house, repository, 'done')
})

function sizeOf(house: House, name: string): number {
  return statSync(join(house.directory, name)).size
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
