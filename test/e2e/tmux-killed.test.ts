import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { agentNow, runNow, spawnRun, statuses, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'
import { ownThings } from '../support/untouched.ts'
import { makeWorkers } from '../support/worker.ts'

test('the tmux server is killed: the work stays, and the agents start again in a new one', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const before = ownThings(repository)
  const workers = makeWorkers(house)
  for (const name of ['ada', 'bo', 'cy']) workers.add(name, `echo more >> ${name}.txt`)
  await spawnRun(house, repository)
  const working = await untilAll(house, repository, 'working')
  house.tmux('kill-server')
  const waited = await house.kage<{ run: RunView }>(repository, ['wait', 'r1', '--timeout', '20'])
  expect(waited.code).toBe(3)
  const why = waited.json.run.agents.map(({ status, reason, pane }) => ({ status, reason, pane }))
  const killed = { status: 'failed', reason: 'its tmux server is gone: ended by signal HUP', pane: null }
  expect(why).toEqual([killed, killed, killed])

  const diff = await house.plain(repository, ['diff', 'r1/bo'])
  expect(diff.stdout).toContain('+by bo')
  const picked = await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada'])
  expect(picked.result).toBe('landed')
  await house.done(repository, ['undo'])
  expect(ownThings(repository)).toEqual(before)

  await house.done(repository, ['resume', 'r1'])
  const again = await untilAll(house, repository, 'working')
  expect(again.agents.map(({ worktree }) => worktree)).toEqual(working.agents.map(({ worktree }) => worktree))
  await spawnRun(house, repository, '-a', 'ada')
  await untilAll(house, repository, 'working', 'r2')
  workers.letGo()
  expect(statuses(await untilAll(house, repository, 'done'))).toEqual(['done', 'done', 'done'])
  await untilAll(house, repository, 'done', 'r2')
  expect(workers.starts()).toEqual({ 'r1/ada': 2, 'r1/bo': 2, 'r1/cy': 2, 'r2/ada': 1 })
  expect((await house.plain(repository, ['diff', 'r1/bo'])).stdout).toContain('+by bo\n+more\n')
})

test('the tmux server is killed while the daemon is down: the next command knows it', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  makeWorkers(house).add('ada')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  await house.killDaemon()
  house.tmux('kill-server')
  const waited = await house.kage<{ run: RunView }>(repository, ['wait', 'r1', '--timeout', '20'])
  expect(waited.json.run.agents[0]).toMatchObject({
    status: 'failed',
    reason: 'its tmux server is gone: ended by signal HUP',
  })
  expect((await house.plain(repository, ['diff', 'r1'])).stdout).toContain('+by ada')
})

test("one pane closed by hand ends that agent alone, and not the person's own sessions", async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const workers = makeWorkers(house)
  workers.add('ada')
  workers.add('bo')
  house.tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'mine', 'cat')
  house.tmux('bind-key', 'K', 'display-message', 'mine')
  const own = (): string =>
    [
      house.tmux('list-panes', '-s', '-t', '=mine:', '-F', '#{session_name} #{pane_id} #{pane_pid}'),
      house.tmux('show-options', '-t', '=mine:'),
      house.tmux('show-hooks', '-g'),
      house.tmux('list-keys'),
      house.tmux('show-options', '-g').replaceAll(/^@kage_.*\n/gm, ''),
    ].join('\n')
  const before = own()
  await spawnRun(house, repository)
  const { agents } = await untilAll(house, repository, 'working')
  house.tmux('kill-pane', '-t', agents[0]?.pane?.id ?? '')
  const ended = await until(async () => {
    const ada = await agentNow(house, repository, 'r1/ada')
    return ada.status === 'failed' && ada.changed.files > 0 ? ada : null
  })
  expect(ended).toMatchObject({
    reason: 'its pane was closed by someone else: ended by signal HUP',
    pane: null,
  })
  expect((await agentNow(house, repository, 'r1/bo')).status).toBe('working')
  workers.letGo()
  expect(statuses((await house.kage<{ run: RunView }>(repository, ['wait', 'r1'])).json.run)).toEqual([
    'failed',
    'done',
  ])
  expect(own()).toBe(before)
  await house.done(repository, ['clean'])
  expect(own()).toBe(before)
})

test.for([['git worktree remove'], ['rm -rf']])(
  'a worktree removed by hand (%s) keeps its last snapshot',
  async ([manner]) => {
    const house = makeHouse()
    const repository = makeRepository()
    const before = ownThings(repository)
    const workers = makeWorkers(house)
    workers.add('ada')
    workers.add('bo')
    if (manner !== 'rm -rf') house.configure('[worktree]\ngit = "linked"')
    await spawnRun(house, repository)
    const { agents } = await untilAll(house, repository, 'working')
    const worktree = agents[0]?.worktree ?? ''
    await house.done(repository, ['regions', 'r1'])
    if (manner === 'rm -rf') rmSync(worktree, { recursive: true })
    else gitIn(repository, ['worktree', 'remove', '--force', '--force', worktree])
    writeFileSync(join(agents[1]?.worktree ?? '', 'late.txt'), 'late\n')
    workers.letGo()
    await house.kage(repository, ['wait', 'r1', '--timeout', '20'])
    expect((await runNow(house, repository)).agents.map(({ changed }) => changed.files)).toEqual([1, 2])
    const picked = await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada'])
    expect(picked.result).toBe('landed')
    await house.done(repository, ['undo'])
    expect((await house.kage(repository, ['resume', 'r1/ada'])).json).toMatchObject({
      error: { code: 'KAGE_AGENT_STATE' },
    })
    await house.done(repository, ['clean', 'r1'])
    expect(gitIn(repository, ['worktree', 'list', '--porcelain']).match(/^worktree /gm)).toHaveLength(1)
    expect(ownThings(repository)).toEqual(before)
  },
)
