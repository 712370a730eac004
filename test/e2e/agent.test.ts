import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EventType } from '../../src/core/event.ts'
import type { Picked, RegionsView } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { makeRepository } from '../support/git-repository.ts'
import { calling, finishing, type ModelHouse, modelHouse, modelKey } from '../support/model-house.ts'
import { filesHolding } from '../support/planted.ts'
import { eventsOf, runNow, statuses } from '../support/run.ts'
import { ownThings } from '../support/untouched.ts'

const poem = 'one\n-\ntwo\n-\nthree\n'
const read = calling('read', { path: 'poem.txt' }, { text: 'I look at the poem first.' })

function editing(old: string, fresh: string): object {
  return calling('edit', { path: 'poem.txt', edits: [{ old, new: fresh }] })
}

const models = {
  alpha: [read, editing('one', 'ONE'), finishing('wrote the first line loud\nand nothing else')],
  beta: [read, editing('one', 'ONE'), editing('three', 'THREE'), finishing('two lines')],
  gamma: [read, editing('two', 'zwei'), finishing('translated')],
}

function houseOfThree(): Promise<ModelHouse> {
  return modelHouse({ agents: models, anthropic: ['beta'] })
}

/** What all three of them have made, region by region. */
async function regionsOf(house: ModelHouse, repository: string): Promise<string[]> {
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  return regions.map(
    ({ id, variants }) => `${id} ${variants.map(({ agents }) => agents.join('=')).join(' ')}`,
  )
}

test('three agents work by both protocols; the best hunks of each land, and are undone', async () => {
  const house = await houseOfThree()
  const repository = makeRepository({ files: { 'poem.txt': poem } })
  const before = ownThings(repository)
  const words = [
    'spawn',
    '--wait',
    '--timeout',
    '60',
    '--max-turns',
    '9',
    '--budget',
    '3',
    'improve the poem',
  ]
  const { run } = await house.done<{ run: RunView }>(repository, words)
  expect(statuses(run)).toEqual(['done', 'done', 'done'])
  expect(run.agents[0]).toMatchObject({
    reason: 'done: wrote the first line loud',
    turns: 3,
    tokensIn: 3000,
    tokensOut: 60,
    changed: { files: 1, added: 1, deleted: 1 },
  })
  expect(run.agents[0]?.costUsd).toBeCloseTo(0.0036)
  expect(run.costUsd).toBeCloseTo(0.0036 * 2 + 0.0048)
  expect(await regionsOf(house, repository)).toEqual(['g1 alpha=beta', 'g2 gamma', 'g3 beta'])
  const picked = await house.done<Picked>(repository, ['pick', 'r1', 'g1=alpha', 'g2=gamma', 'g3=beta'])
  expect(picked.result).toBe('landed')
  expect(readFileSync(join(repository, 'poem.txt'), 'utf8')).toBe('ONE\n-\nzwei\n-\nTHREE\n')
  await house.done(repository, ['undo'])
  expect(ownThings(repository)).toEqual(before)
  const events = await eventsOf(house, repository)
  const tools = events.flatMap((event) => (event.type === 'tool.called' ? [event.data.tool] : []))
  expect(new Set(tools)).toEqual(new Set(['read', 'edit', 'finish']))
  expect(tools).toHaveLength(10)
  expect(filesHolding(join(house.directory, 'state'), modelKey)).toEqual([])
  const shown = await house.plain(repository, ['ls'])
  expect(shown.stdout).toMatch(/3 turns · 3000 tokens in, 60 out · \$0\.0036/)
})

const moments: readonly EventType[] = [
  'agent.started',
  'agent.turned',
  'tool.called',
  'agent.finished',
  'agent.exited',
]

test.for(moments)('a daemon killed right after %s loses no turn and counts none twice', async (type) => {
  const house = await houseOfThree()
  const repository = makeRepository({ files: { 'poem.txt': poem } })
  await house.done(repository, ['daemon', 'start'], { environment: { KAGE_CRASH_AT: type } })
  await house.done(repository, ['spawn', 'improve the poem'])
  const { run } = (await house.kage<{ run: RunView }>(repository, ['wait', 'r1', '--timeout', '60'])).json
  expect(statuses(run)).toEqual(['done', 'done', 'done'])
  expect(run.agents.map(({ turns, tokensIn }) => [turns, tokensIn])).toEqual([
    [3, 3000],
    [4, 4000],
    [3, 3000],
  ])
  expect(await regionsOf(house, repository)).toEqual(['g1 alpha=beta', 'g2 gamma', 'g3 beta'])
  const events = await eventsOf(house, repository)
  expect(events.filter((event) => event.type === 'agent.turned')).toHaveLength(10)
  expect(events.filter((event) => event.type === 'daemon.started').length).toBeGreaterThan(1)
  expect((await runNow(house, repository)).costUsd).toBeCloseTo(0.012)
})
