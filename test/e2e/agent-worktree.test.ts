import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Results } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { commitAll, gitIn, makeRepository, writeFiles } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { runNow, spawnRun, untilAll } from '../support/run.ts'
import { until } from '../support/until.ts'
import { holdUntil } from '../support/worker.ts'

test('the branch of an agent shows its work while it waits for the person, and again when it ends', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const go = join(house.directory, 'go')
  house.agent(
    'ada',
    `echo one > one.txt; git add -A; git commit -qm one; echo two > two.txt
echo '{"type":"agent.reported","data":{"status":"waiting","message":"which?"}}' >> "$(dirname "$KAGE_TASK_FILE")/outbox"
${holdUntil(go)}
git add -A; git commit -q --amend -m 'one and two'; git gc -q --prune=now; echo three > three.txt`,
  )
  await spawnRun(house, repository)
  await untilAll(house, repository, 'waiting')
  const shown = (): string => gitIn(repository, ['diff', '--name-only', 'main', 'kage/r1/ada'])
  await until(() => Promise.resolve(shown() === 'one.txt\ntwo.txt\n' ? true : null))
  expect(gitIn(repository, ['log', '--format=%s', 'main..kage/r1/ada'])).toBe('a task\none\n')
  gitIn(repository, ['reflog', 'expire', '--expire=now', '--all'])
  gitIn(repository, ['gc', '-q', '--prune=now'])
  writeFileSync(go, '')
  await untilAll(house, repository, 'done')
  await house.done(repository, ['wait', 'r1'])
  expect(gitIn(repository, ['log', '--format=%s', 'main..kage/r1/ada'])).toBe('a task\none and two\n')
  expect(shown()).toBe('one.txt\nthree.txt\ntwo.txt\n')
  // The commit that was amended away is in the agent's reflog still.
  gitIn(repository, ['reflog', 'expire', '--expire=now', '--all'])
  gitIn(repository, ['gc', '-q', '--prune=now'])
  const worktree = (await runNow(house, repository)).agents[0]?.worktree ?? ''
  expect(gitIn(worktree, ['fsck', '--no-dangling'])).toBe('')
  expect(gitIn(worktree, ['show', '--format=%s', '--name-only', 'HEAD@{1}'])).toBe('one\n\none.txt\n')
})

test('git works in an agent’s worktree for the person, whose commit there is part of the work', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const go = join(house.directory, 'go')
  const seen = join(house.directory, 'seen')
  house.agent('ada', `${holdUntil(go)}\ngit log -1 --format=%s > '${seen}'; echo more >> mine.txt`)
  const { agents } = await spawnRun(house, repository)
  await untilAll(house, repository, 'working')
  const worktree = agents[0]?.worktree ?? ''
  writeFiles(worktree, { 'mine.txt': 'by the person\n' })
  expect(gitIn(worktree, ['status', '--porcelain', '--branch'])).toBe('## kage/r1/ada\n?? mine.txt\n')
  commitAll(worktree, 'by the person')
  expect(gitIn(worktree, ['diff', '--name-only', 'main'])).toBe('mine.txt\n')
  writeFileSync(go, '')
  await house.done(repository, ['wait', 'r1'])
  expect(readFileSync(seen, 'utf8')).toBe('by the person\n')
  expect(gitIn(repository, ['log', '--format=%s', 'main..kage/r1/ada'])).toBe('a task\nby the person\n')
  expect(gitIn(repository, ['cat-file', 'blob', 'kage/r1/ada:mine.txt'])).toBe('by the person\nmore\n')
})

test('inside an agent’s worktree kage works on the person’s repository, and reads no configuration of the agent', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const marker = join(house.directory, 'marker')
  house.agent(
    'ada',
    `for key in core.fsmonitor core.sshCommand core.pager; do git config $key "touch ${marker}; false"; done
mkdir -p deep; echo x > deep/x.txt`,
  )
  await spawnRun(house, repository, '--wait')
  const run = await runNow(house, repository)
  for (const place of [run.agents[0]?.worktree ?? '', join(run.agents[0]?.worktree ?? '', 'deep')]) {
    const { runs } = await house.done<{ runs: RunView[] }>(place, ['ls'])
    expect(runs.map(({ id }) => id)).toEqual(['r1'])
    expect((await house.plain(place, ['diff', 'ada'])).stdout).toContain('+x')
  }
  const { run: compared } = await house.done<Results['compare']>(repository, [
    'compare',
    run.agents[0]?.worktree ?? '',
  ])
  expect(compared.agents[0]?.changed.files).toBe(1)
  expect(existsSync(marker)).toBe(false)
})

test('an agent’s id wins over a branch of that name, with a warning', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'echo x > x.txt')
  await spawnRun(house, repository, '--wait')
  gitIn(repository, ['branch', 'r1/ada'])
  const said = await house.kage<Results['compare']>(repository, ['compare', 'r1/ada'])
  expect(said.json.run.agents[0]?.changed.files).toBe(1)
  expect(said.stderr).toContain('r1/ada is an agent and a revision: the agent is compared')
})
