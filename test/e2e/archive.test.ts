import { existsSync, renameSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Picked, Results } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import type { State } from '../../src/core/state.ts'
import { ageStore } from '../support/aged.ts'
import { gitIn } from '../support/git-repository.ts'
import type { House } from '../support/kage.ts'
import { olderHouse } from '../support/fixture/older.ts'
import { personClient } from '../support/house-client.ts'
import { poemRace } from '../support/poem-race.ts'
import { eventsOf, runNow, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'

test('a cleaned run is archived at the next start; what is asked of it is answered as before, and a landing of it is undone', async () => {
  const { house, repository, poem, read } = await poemRace()
  await house.done(repository, ['pick', 'r1', 'g3=bo', 'g4=bo'])
  // What is still to be said keeps it from being archived, whenever its turn comes.
  const say = await commenter(house, repository)
  await say('why?')
  await house.done(repository, ['clean', 'r1'])
  const before = await asked(house, repository)
  expect(baseRefs(repository)).toBe('refs/kage/base/r1\n')
  const known = await house.done<{ undos: unknown[] }>(repository, ['undo', '--list'])
  await say('')

  await restart(house, repository)
  await untilArchived(house, repository)
  const state = await stateOf(house, repository)
  expect([state.runs, state.landings]).toEqual([{}, {}])
  await until(() => baseRefs(repository) === 'refs/kage/base/archived\n')
  expect(await asked(house, repository)).toEqual(before)
  expect(await house.done(repository, ['undo', '--list'])).toMatchObject(known)
  const { json } = await house.kage<{ error: { code: string } }>(repository, ['show', 'r1/nobody'])
  expect(json.error.code).toBe('KAGE_AGENT_UNKNOWN')
  const { branches } = await house.done<Results['clean']>(repository, ['clean', '--branches', '--dry-run'])
  expect(branches.open.map(({ branch }) => branch)).toEqual(['kage/r1/ada', 'kage/r1/bo'])
  // None of that has opened it for change.
  expect(await countOf(house, repository, 'run.reopened')).toBe(0)
  await house.done(repository, ['gc'])
  forgetBase(repository)
  expect(await asked(house, repository)).toEqual(before)

  await house.done(repository, ['undo'])
  expect(read('poem.txt')).toBe(poem())
  expect(await countOf(house, repository, 'run.reopened')).toBe(1)
  await restart(house, repository)
  await house.done<Picked>(repository, ['pick', 'r1', 'g3=ada'])
  expect(read('poem.txt')).toBe(poem({ 3: 'ada 3' }))
  expect((await house.done<{ run: RunView }>(repository, ['spawn', '--wait', 'more'])).run.id).toBe('r2')
  expect((await house.done<{ ok: boolean }>(repository, ['verify'])).ok).toBe(true)
})

test('a run that ended long ago is archived with its worktrees; it is brought back by whatever changes it', async () => {
  const { house, repository, poem, read } = await poemRace()
  house.agent('cy', `echo once more >> cy.txt; [ "$(wc -l < cy.txt)" = 2 ]`)
  await house.kage(repository, ['spawn', '--wait', '--agent', 'cy', 'fail at first'])
  await ageStore(house, 15)
  await house.done(repository, ['daemon', 'start'])
  await untilArchived(house, repository, 2)
  const { agents } = await runNow(house, repository)
  expect(agents.map(({ worktree }) => existsSync(worktree))).toEqual([true, true])
  // Their git directories borrow what the ref holds.
  expect(baseRefs(repository)).toBe('refs/kage/base/r1\nrefs/kage/base/r2\n')
  const [ada] = agents
  const inside = await house.done<{ runs: RunView[] }>(ada?.worktree ?? '', ['ls'])
  expect(inside.runs.map(({ id, repo }) => [id, repo])).toEqual([
    ['r1', repository],
    ['r2', repository],
  ])

  await house.kage(repository, ['send', 'r1/ada', 'hello'])
  expect(await isLive(house, repository)).toBe(true)
  await house.done(repository, ['pick', 'r1', 'g3=bo'])
  expect(read('poem.txt')).toBe(poem({ 3: 'bo 3' }))

  await ageStore(house, 15)
  await house.done(repository, ['daemon', 'start'])
  await untilArchived(house, repository, 3)
  await house.done(repository, ['pick', 'r1', 'g4=bo'])
  expect(read('poem.txt')).toBe(poem({ 3: 'bo 3', 8: 'bo 8' }))

  await ageStore(house, 15)
  await house.done(repository, ['daemon', 'start'])
  await untilArchived(house, repository, 4)
  await house.done(repository, ['resume', 'r2/cy'])
  await untilAll(house, repository, 'done', 'r2')

  await ageStore(house, 15)
  await house.done(repository, ['daemon', 'start'])
  await untilArchived(house, repository, 5)
  const dry = await house.done<Results['clean']>(repository, ['clean', '--dry-run'])
  expect([dry.removed, await isLive(house, repository)]).toEqual([['r1/ada', 'r1/bo', 'r2/cy'], false])
  const cleaned = await house.done<Results['clean']>(repository, ['clean'])
  expect(cleaned.removed).toEqual(['r1/ada', 'r1/bo', 'r2/cy'])
  expect(agents.map(({ worktree }) => existsSync(worktree))).toEqual([false, false])
  expect((await house.done<{ ok: boolean }>(repository, ['verify'])).ok).toBe(true)
})

test('archived runs follow their repository to another place', async () => {
  const { house, repository, poem } = await poemRace()
  await house.done(repository, ['pick', 'r1', 'g3=bo'])
  await house.done(repository, ['clean', 'r1'])
  await house.done(repository, ['spawn', '--wait', '--agent', 'bo', 'more'])
  await ageStore(house, 15)
  await house.done(repository, ['daemon', 'start'])
  await untilArchived(house, repository, 2)
  await house.done(repository, ['daemon', 'stop'])
  const moved = `${repository}-elsewhere`
  renameSync(repository, moved)
  const { runs } = await house.done<{ runs: RunView[] }>(moved, ['ls'])
  expect(runs.map(({ id, repo }) => [id, repo])).toEqual([
    ['r1', moved],
    ['r2', moved],
  ])
  // The objects that its git directory borrows lie elsewhere now.
  const worktree = runs[1]?.agents[0]?.worktree ?? ''
  expect(gitIn(worktree, ['log', '--format=%s'])).toContain('first')
  expect((await house.plain(moved, ['diff', 'r2'])).stdout).toContain('+bo 8')
  expect((await house.done<{ run: RunView }>(moved, ['show', 'r1'])).run.repo).toBe(moved)
  await house.done(moved, ['undo'])
  expect(gitIn(moved, ['hash-object', 'poem.txt'])).toBe(gitIn(moved, ['hash-object', '--stdin'], poem()))
})

test('runs that are kept by the configuration stay', async () => {
  const { house, repository } = await poemRace()
  house.configure('[retention]\narchive_days = 0\n')
  await ageStore(house, 400)
  await house.done(repository, ['spawn', '--wait', 'more'])
  await house.done(repository, ['clean', 'r2'])
  await restart(house, repository)
  await until(async () => (await countOf(house, repository, 'run.archived')) === 1)
  expect(Object.keys((await stateOf(house, repository)).runs)).toEqual(['r1'])
})

test('the first start after an upgrade archives what is due', async () => {
  const house = olderHouse('0.1.0', 'landing')
  const { repository } = house
  await house.done(repository, ['daemon', 'start'])
  await ageStore(house, 15)
  await house.done(repository, ['daemon', 'start'])
  await until(async () => (await countOf(house, repository, 'run.archived')) > 1)
  const { runs } = await house.done<{ runs: RunView[] }>(repository, ['ls', '--all'])
  expect(runs.map(({ id, mode }) => `${id} ${mode}`)).toEqual(['r1 race', 'r2 compare', 'r3 race', 'r4 race'])
  const { undos } = await house.done<{ undos: { id: string; run: string }[] }>(repository, ['undo', '--list'])
  for (const { id } of undos) expect(await house.done(repository, ['undo'])).toEqual({ restored: id })
  expect((await house.plain(repository, ['diff', 'r1/bo'])).stdout).toContain('+bo 8')
  expect((await house.done<{ ok: boolean }>(repository, ['verify'])).ok).toBe(true)
})

/** What is asked of a run without changing it. */
async function asked(house: House, repository: string): Promise<unknown[]> {
  const own = await eventsOf(house, repository, 'r1')
  return [
    await house.done(repository, ['show', 'r1']),
    await house.done(repository, ['show', 'r1/bo']),
    own.filter(({ type }) => type !== 'run.archived' && type !== 'comment.written'),
    await house.done(repository, ['regions', 'r1']),
    await house.done(repository, ['wait', 'r1']),
    (await house.plain(repository, ['diff', 'r1/ada'])).stdout,
    await house.done(repository, ['ls']),
    await house.done(repository, ['ls', '--all']),
  ]
}

/** Writes a comment on the run, or takes it back by saying nothing. */
async function commenter(house: House, repository: string): Promise<(message: string) => Promise<unknown>> {
  const client = await personClient(house)
  const comment = { id: 'c1', agents: ['ada'], place: 'poem.txt:3' }
  return (message) =>
    client.request('comment', {
      repo: repository,
      id: 'r1',
      command: `comment-${message.length}`,
      comment: { ...comment, message },
    })
}

async function restart(house: House, repository: string): Promise<void> {
  await house.done(repository, ['daemon', 'stop'])
  await house.done(repository, ['daemon', 'start'])
}

async function untilArchived(house: House, repository: string, times = 1): Promise<void> {
  await until(async () => (await countOf(house, repository, 'run.archived')) === times)
  expect(await isLive(house, repository)).toBe(false)
}

async function countOf(house: House, repository: string, wanted: string): Promise<number> {
  return (await eventsOf(house, repository)).filter(({ type }) => type === wanted).length
}

async function stateOf(house: House, repository: string): Promise<State> {
  return (await house.done<{ state: State }>(repository, ['state'])).state
}

async function isLive(house: House, repository: string): Promise<boolean> {
  return Object.hasOwn((await stateOf(house, repository)).runs, 'r1')
}

/** The commit that the run began at is no longer on any branch of the person's, and their git has collected what nothing names. */
function forgetBase(repository: string): void {
  gitIn(repository, ['commit', '--quiet', '--amend', '--allow-empty', '-m', 'another first'])
  gitIn(repository, ['branch', '-D', 'kage/r1/ada', 'kage/r1/bo'])
  gitIn(repository, ['reflog', 'expire', '--expire=now', '--all'])
  gitIn(repository, ['gc', '--quiet', '--prune=now'])
}

function baseRefs(repository: string): string {
  return gitIn(repository, ['for-each-ref', '--format=%(refname)', 'refs/kage/base'])
}
