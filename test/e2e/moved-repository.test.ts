import { cpSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RunView } from '../../src/core/protocol/view.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { poemRace } from '../support/poem-race.ts'
import { makeHouse } from '../support/kage.ts'
import { runNow, untilAll } from '../support/run.ts'
import { holdUntil } from '../support/worker.ts'

interface Runs {
  readonly runs: readonly RunView[]
}

test('a repository that was moved is recognised: its runs, decisions, landings and undo continue there', async () => {
  const { house, repository, read, poem } = await poemRace()
  await house.done(repository, ['pick', 'r1', 'g3=bo'])
  const moved = `${repository}-elsewhere`
  renameSync(repository, moved)
  const { runs } = await house.done<Runs>(moved, ['ls'])
  expect(runs.map(({ id, repo }) => [id, repo])).toEqual([['r1', moved]])
  await house.done(moved, ['pick', 'r1', 'g4=bo'])
  expect(() => read('poem.txt')).toThrow()
  const poemNow = (): string => gitIn(moved, ['hash-object', 'poem.txt'])
  const hashOf = (text: string): string => gitIn(moved, ['hash-object', '--stdin'], text)
  expect(poemNow()).toBe(hashOf(poem({ 3: 'bo 3', 8: 'bo 8' })))
  await house.killDaemon()
  await house.done(moved, ['undo'])
  expect(poemNow()).toBe(hashOf(poem({ 3: 'bo 3' })))
  await house.done(moved, ['undo'])
  expect(poemNow()).toBe(hashOf(poem()))
  expect(gitIn(moved, ['status', '--porcelain'])).toBe('')
  await house.done(moved, ['clean', 'r1', '--force'])
})

test.each<[string, string[]]>([
  ['diff', ['r1/ada']],
  ['regions', ['r1']],
  ['show', ['r1']],
  ['wait', ['r1', '--timeout', '30']],
  ['pick', ['r1', 'g3=bo']],
  ['branch', ['r1/ada', 'mine']],
  ['clean', ['r1', '--force']],
])('kage %s recognises a repository that was moved while the daemon was down', async (command, words) => {
  const { house, repository } = await poemRace()
  await house.done(repository, ['daemon', 'stop'])
  const moved = `${repository}-elsewhere`
  renameSync(repository, moved)
  await house.done(moved, [command, ...words])
})

test('waiting from the new place recognises a repository that was moved while its agent worked', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const go = join(house.directory, 'go')
  house.agent('ada', `${holdUntil(go)}\necho second >> a.txt`)
  await house.done(repository, ['spawn', 'task'])
  await untilAll(house, repository, 'working')
  const moved = `${repository}-elsewhere`
  renameSync(repository, moved)
  writeFileSync(go, '')
  const { code } = await house.kage(moved, ['wait', 'r1', '--timeout', '60'])
  const { patch } = await house.done<{ patch: string }>(moved, ['diff', 'r1/ada'])
  expect([code, patch.includes('+second\n')]).toEqual([0, true])
})

test.each(['own', 'linked'])(
  'agents that work while the repository is moved go on and are captured (%s)',
  async (kind) => {
    const house = makeHouse()
    const repository = makeRepository()
    const go = join(house.directory, 'go')
    const commit = 'git -c user.name=a -c user.email=b commit -qam more'
    house.agent(
      'ada',
      `echo first > a.txt\n${holdUntil(go)}\ngit status >/dev/null && echo second >> a.txt && ${commit}`,
    )
    house.configure(`[worktree]\ngit = "${kind}"`)
    await house.done(repository, ['spawn', 'task'])
    await untilAll(house, repository, 'working')
    const moved = `${repository}-elsewhere`
    renameSync(repository, moved)
    await house.done(moved, ['ls'])
    writeFileSync(go, '')
    const { code } = await house.kage(moved, ['wait', 'r1', '--timeout', '60'])
    const run = await runNow(house, moved)
    expect([code, run.agents[0]?.status, run.agents[0]?.reason]).toEqual([
      0,
      'done',
      'ended with exit status 0',
    ])
    const { patch } = await house.done<{ patch: string }>(moved, ['diff', 'r1/ada'])
    expect(patch).toContain('+first\n+second\n')
    expect(gitIn(moved, ['rev-parse', '--verify', 'kage/r1/ada'])).toMatch(/^[0-9a-f]{40}/)
  },
)

test('a copy is another repository while the original is there, and continues it when the original is gone', async () => {
  const { house, repository } = await poemRace()
  const copy = `${repository}-copy`
  cpSync(repository, copy, { recursive: true })
  expect(await house.done<Runs>(copy, ['ls'])).toEqual({ runs: [] })
  expect((await house.done<Runs>(repository, ['ls'])).runs).toHaveLength(1)
  rmSync(repository, { recursive: true })
  await house.killDaemon()
  expect((await house.done<Runs>(copy, ['ls'])).runs).toMatchObject([{ id: 'r1', repo: copy }])
  await house.done(copy, ['pick', 'r1', 'g3=bo'])
})

test('a new repository at the old place takes over no runs', async () => {
  const { house, repository } = await poemRace()
  const moved = `${repository}-elsewhere`
  renameSync(repository, moved)
  expect((await house.done<Runs>(moved, ['ls'])).runs).toHaveLength(1)
  makeRepository({ at: repository })
  expect(await house.done<Runs>(repository, ['ls'])).toEqual({ runs: [] })
  await house.done(repository, ['spawn', '-a', 'ada', '--wait', 'another task'])
  expect((await house.done<Runs>(repository, ['ls'])).runs.map(({ id }) => id)).toEqual(['r2'])
  expect((await house.done<Runs>(moved, ['ls'])).runs.map(({ id }) => id)).toEqual(['r1'])
})
