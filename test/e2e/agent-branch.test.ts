import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Results } from '../../src/core/protocol/results.ts'
import type { AgentView, RunView } from '../../src/core/protocol/view.ts'
import { commitAll, gitIn, headOf, makeRepository, writeFiles } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { until } from '../support/until.ts'
import { ownThings } from '../support/untouched.ts'

test('an agent’s branch shows its work when it ends: its commits, and one more for what is uncommitted', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const before = ownThings(repository)
  house.agent('ada', 'echo one >> a.txt; git commit -qam "by ada"; echo two > new.txt')
  house.agent('bo', 'echo three > bo.txt; git add -A; git commit -qm "by bo"')
  house.agent('cy', 'exit 0')
  await spawnAll(house, repository, ['ada', 'bo', 'cy'], 'Fix the parser\n\nand more')
  expect(gitIn(repository, ['diff', '--stat', '--name-only', 'main', 'kage/r1/ada'])).toBe('a.txt\nnew.txt\n')
  const log = (name: string): string =>
    gitIn(repository, ['log', '--format=%an: %s', `main..kage/r1/${name}`])
  expect(log('ada')).toBe('Kage: Fix the parser\nTest Person: by ada\n')
  expect(log('bo')).toBe('Test Person: by bo\n')
  expect(log('cy')).toBe('')
  expect(gitIn(repository, ['worktree', 'list']).trim().split('\n')).toHaveLength(1)
  expect(gitIn(repository, ['fsck', '--strict', '--no-dangling'])).toBe('')
  expect(ownThings(repository)).toEqual(before)

  const compared = await house.done<Results['compare']>(repository, ['compare', 'r1/ada', 'kage/r1/bo'])
  expect(compared.run.agents.map(({ changed }) => changed.files)).toEqual([2, 1])
  const based = await house.done<{ run: RunView }>(repository, [
    'spawn',
    '-a',
    'cy',
    '--wait',
    '--base',
    'kage/r1/ada',
    'go on',
  ])
  expect(readFileSync(join(based.run.agents[0]?.worktree ?? '', 'new.txt'), 'utf8')).toBe('two\n')
})

test('a branch that the person moved is left alone, and `kage branch` offers the work', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', `while ! [ -e '${house.directory}/go' ]; do sleep 0.05; done; echo work > work.txt`)
  await house.done(repository, ['spawn', '-a', 'ada', 'do it'])
  await untilBranch(repository, 'kage/r1/ada')
  const mine = commitAll(repository, 'mine')
  gitIn(repository, ['branch', '-f', 'kage/r1/ada', mine])
  execFileSync('touch', [join(house.directory, 'go')])
  await house.done(repository, ['wait', 'r1'])
  expect(gitIn(repository, ['rev-parse', 'kage/r1/ada']).trim()).toBe(mine)
  const { agent } = await house.done<{ agent: AgentView }>(repository, ['show', 'r1/ada'])
  expect(agent.reason).toContain('kage/r1/ada was moved by someone else and is left alone')
  const made = await house.done<Results['branch']>(repository, ['branch', 'r1/ada', 'mine/ada'])
  expect(made).toEqual({ branch: 'mine/ada', commit: gitIn(repository, ['rev-parse', 'mine/ada']).trim() })
  expect(gitIn(repository, ['cat-file', 'blob', 'mine/ada:work.txt'])).toBe('work\n')
  expect(await house.kage(repository, ['branch', 'r1/ada', 'mine/ada'])).toMatchObject({
    code: 1,
    json: { error: { code: 'KAGE_BRANCH_TAKEN' } },
  })
  for (const bad of ['-x', 'a..b', 'kage/r9/x', ''])
    expect((await house.kage(repository, ['branch', 'r1/ada', bad])).code, bad).toBeGreaterThan(0)
})

test('a branch that is checked out is left alone with its files, and published again once it is not', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const beside = join(house.directory, 'beside')
  const waits = `while ! [ -e '${house.directory}/go' ]; do sleep 0.05; done`
  house.agent('ada', `${waits}; echo ada >> work.txt; exit 1`)
  house.agent('bo', `${waits}; echo bo > work.txt; git add -A; git commit -qm "by bo"`)
  await house.done(repository, ['spawn', '-a', 'ada', '-a', 'bo', 'do it'])
  await untilBranch(repository, 'kage/r1/ada')
  await untilBranch(repository, 'kage/r1/bo')
  gitIn(repository, ['checkout', '-q', 'kage/r1/ada'])
  gitIn(repository, ['worktree', 'add', '-q', beside, 'kage/r1/bo'])
  const base = headOf(repository)
  writeFiles(house.directory, { go: '' })
  await house.kage(repository, ['wait', 'r1'])
  for (const [name, place] of [
    ['ada', repository],
    ['bo', beside],
  ] as const) {
    expect(gitIn(repository, ['rev-parse', `kage/r1/${name}`]).trim()).toBe(base)
    expect(gitIn(place, ['status', '--porcelain'])).toBe('')
    const { agent } = await house.done<{ agent: AgentView }>(repository, ['show', `r1/${name}`])
    expect(agent.reason).toContain(`kage/r1/${name} is checked out at ${place} and is left alone`)
  }
  await house.done(repository, ['branch', 'r1/bo', 'mine/bo'])
  expect(gitIn(repository, ['cat-file', 'blob', 'mine/bo:work.txt'])).toBe('bo\n')

  gitIn(repository, ['checkout', '-q', 'main'])
  await house.done(repository, ['resume', 'r1/ada'])
  await house.kage(repository, ['wait', 'r1'])
  expect(gitIn(repository, ['cat-file', 'blob', 'kage/r1/ada:work.txt'])).toBe('ada\nada\n')
  const { agent } = await house.done<{ agent: AgentView }>(repository, ['show', 'r1/ada'])
  expect(agent.reason ?? '').not.toContain('left alone')
})

test('commits that cannot be trusted are refused and said, and the work is published on the base', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent(
    'ada',
    `blob=$(echo x | git hash-object -w --stdin)
tree=$(printf '100644 blob %s\\tx\\n' $blob | git mktree | head -c 40)
bad=$(printf 'tree %s\\nauthor nobody\\ncommitter nobody\\n\\nx\\n' $tree | git hash-object -w --literally -t commit --stdin)
git update-ref refs/heads/kage/r1/ada $bad
echo work > work.txt`,
  )
  await spawnAll(house, repository, ['ada'], 'do it')
  const { agent } = await house.done<{ agent: AgentView }>(repository, ['show', 'r1/ada'])
  expect(agent.reason).toContain('could not be taken over')
  expect(gitIn(repository, ['log', '--format=%an: %s', 'main..kage/r1/ada'])).toBe('Kage: do it\n')
  expect(gitIn(repository, ['cat-file', 'blob', 'kage/r1/ada:work.txt'])).toBe('work\n')
})

test('an agent that removes its worktree after a commit keeps that commit; without one it failed', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'echo one > one.txt; git add -A; git commit -qm one; rm -rf "$PWD"')
  house.agent('bo', 'echo two > two.txt; rm -rf "$PWD"')
  const run = await spawnAll(house, repository, ['ada', 'bo'], 'do it')
  const [ada, bo] = run.agents
  expect(ada).toMatchObject({ status: 'done', changed: { files: 1 } })
  expect(ada?.reason).toContain('its work is taken from its last commit')
  expect(bo?.status).toBe('failed')
  expect(bo?.reason).toBe('its worktree is gone and it left no commit')
  expect((await house.plain(repository, ['diff', 'r1/ada'])).stdout).toContain('+one')
  expect(gitIn(repository, ['cat-file', 'blob', 'kage/r1/ada:one.txt'])).toBe('one\n')
})

test('the base of a run survives amend, a deleted branch and a garbage collection', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  gitIn(repository, [
    'tag',
    '-am',
    'tagged',
    'v1',
    gitIn(repository, ['commit-tree', '-m', 'side', 'HEAD^{tree}']).trim(),
  ])
  house.agent('ada', 'echo work >> a.txt')
  const run = await spawnAll(house, repository, ['ada'], 'do it')
  writeFiles(repository, { 'a.txt': 'rewritten\n' })
  gitIn(repository, ['commit', '-qa', '--amend', '-m', 'amended'])
  gitIn(repository, ['tag', '-d', 'v1'])
  gitIn(repository, ['branch', '-D', 'kage/r1/ada'])
  gitIn(repository, ['reflog', 'expire', '--expire=now', '--all'])
  gitIn(repository, ['gc', '-q', '--prune=now'])
  expect(headOf(repository)).not.toBe(run.base)
  expect((await house.plain(repository, ['diff', 'r1/ada'])).stdout).toContain('+work')
  await house.done(repository, ['regions', 'r1'])
  expect(gitIn(run.agents[0]?.worktree ?? '', ['fsck'])).not.toContain('missing')
  expect(gitIn(run.agents[0]?.worktree ?? '', ['show', '--stat', 'v1'])).toContain('side')
})

test('where the ref of the base is gone, its tree is copied', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'echo work >> a.txt')
  await spawnAll(house, repository, ['ada'], 'do it')
  gitIn(repository, ['update-ref', '-d', 'refs/kage/base/r1'])
  await house.done(repository, ['regions', 'r1'])
  writeFiles(repository, { 'a.txt': 'rewritten\n' })
  gitIn(repository, ['commit', '-qa', '--amend', '-m', 'amended'])
  gitIn(repository, ['branch', '-D', 'kage/r1/ada'])
  gitIn(repository, ['reflog', 'expire', '--expire=now', '--all'])
  gitIn(repository, ['gc', '-q', '--prune=now'])
  await house.done(repository, ['daemon', 'restart'])
  expect((await house.plain(repository, ['diff', 'r1/ada'])).stdout).toContain('+work')
  await house.done(repository, ['regions', 'r1'])
})

test('with git = "linked" an agent’s worktree is one of the person’s', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'echo work >> a.txt; git commit -qam work')
  house.configure('[worktree]\ngit = "linked"')
  const { agents } = await spawnAll(house, repository, ['ada'], 'do it')
  expect(gitIn(repository, ['worktree', 'list'])).toContain(agents[0]?.worktree ?? '?')
  expect(gitIn(repository, ['log', '-1', '--format=%s', 'kage/r1/ada'])).toBe('work\n')
  execFileSync('rm', ['-r', join(repository, '.git/worktrees')])
  await house.done(repository, ['clean', 'r1'])
  expect(existsSync(agents[0]?.worktree ?? '')).toBe(false)
})

test('with git = "linked" commits of a detached HEAD are named by clean, and by force stored first', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  const detached = 'git checkout -q --detach; echo x > d.txt; git add d.txt; git commit -qm d1'
  house.agent('ada', `${detached}; git rm -q d.txt; git commit -qm d2`)
  house.agent('bo', 'git checkout -q --detach; echo bo > bo.txt')
  house.configure('[worktree]\ngit = "linked"')
  const { agents } = await spawnAll(house, repository, ['ada', 'bo'], 'do it')
  const tip = headOf(agents[0]?.worktree ?? '')
  const refused = await house.kage<{ error: { code: string; message: string } }>(repository, ['clean'])
  expect([refused.code, refused.json.error.code]).toEqual([1, 'KAGE_WORK_UNSAVED'])
  expect(refused.json.error.message).toContain('HEAD of r1/ada')
  expect(refused.json.error.message).not.toContain('r1/bo')
  expect(headOf(agents[0]?.worktree ?? '')).toBe(tip)
  const { removed, parked } = await house.done<Results['clean']>(repository, ['clean', '--force'])
  expect(removed).toEqual(['r1/ada', 'r1/bo'])
  expect(parked.map(({ agent, kind }) => [agent, kind])).toEqual([['r1/ada', 'refs']])
  gitIn(repository, ['fetch', '-q', parked[0]?.place ?? '', 'refs/heads-of/HEAD:refs/heads/back'])
  expect(gitIn(repository, ['rev-parse', 'back']).trim()).toBe(tip)
  expect(gitIn(repository, ['cat-file', 'blob', 'back~1:d.txt'])).toBe('x\n')
})

test('a worktree that is left alone keeps its git directory, and the error names what was removed', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent(
    'ada',
    'git checkout -q -b idea; echo idea > idea.txt; git add -A; git commit -qm idea; git checkout -q -',
  )
  house.agent('bo', 'echo bo > bo.txt')
  await spawnAll(house, repository, ['ada'], 'do it')
  const { agents } = await spawnAll(house, repository, ['bo'], 'do it')
  const worktree = agents[0]?.worktree ?? ''
  const elsewhere = join(house.directory, 'elsewhere')
  renameSync(worktree, elsewhere)
  symlinkSync(elsewhere, worktree)
  const said = await house.kage<{ error: { code: string } & Results['clean'] }>(repository, [
    'clean',
    '--force',
  ])
  const { code, removed, parked } = said.json.error
  expect(code, said.stdout).toBe('KAGE_WORKTREE_KEPT')
  expect(removed).toEqual(['r1/ada'])
  expect(parked.map(({ agent, kind }) => [agent, kind])).toEqual([['r1/ada', 'refs']])
  expect(existsSync(join(house.directory, 'data/git/r1-ada.git'))).toBe(false)
  expect(existsSync(join(house.directory, 'data/git/r2-bo.git/HEAD'))).toBe(true)
  expect(existsSync(join(elsewhere, 'bo.txt'))).toBe(true)
})

test('branches and stash entries that only the agent has are named by clean, and by force stored first', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent(
    'ada',
    `git checkout -q -b idea; echo idea > idea.txt; git add -A; git commit -qm idea
git checkout -q kage/r1/ada; echo stashed >> a.txt; git stash -q; git tag -am note noted idea; echo done > b.txt`,
  )
  house.agent('bo', 'git checkout -q -b same; git branch other; echo x >> a.txt; git commit -qam x')
  const { agents } = await spawnAll(house, repository, ['ada', 'bo'], 'do it')
  const refused = await house.kage<{ error: { code: string; message: string } }>(repository, ['clean'])
  expect([refused.code, refused.json.error.code]).toEqual([1, 'KAGE_WORK_UNSAVED'])
  for (const name of ['refs/heads/idea', 'refs/tags/noted', 'stash@{0}'])
    expect(refused.json.error.message).toContain(`${name} of r1/ada`)
  expect(refused.json.error.message).not.toContain('r1/bo')
  const { parked } = await house.done<Results['clean']>(repository, ['clean', '--force'])
  expect(agents.map(({ worktree }) => existsSync(worktree))).toEqual([false, false])
  expect(existsSync(join(house.directory, 'data/git/r1-ada.git'))).toBe(false)
  const [bundle] = parked
  expect(parked).toHaveLength(1)
  gitIn(repository, [
    'fetch',
    '-q',
    bundle?.place ?? '',
    'refs/heads/*:refs/heads/back/*',
    'refs/stash-entries/*:refs/heads/stash/*',
  ])
  expect(gitIn(repository, ['cat-file', 'blob', 'back/idea:idea.txt'])).toBe('idea\n')
  expect(gitIn(repository, ['cat-file', 'blob', 'stash/0:a.txt'])).toContain('stashed')
})

async function spawnAll(house: House, repository: string, agents: string[], task: string): Promise<RunView> {
  const words = agents.flatMap((name) => ['-a', name])
  const said = await house.kage<{ run: RunView }>(repository, [
    'spawn',
    ...words,
    '--wait',
    '--timeout',
    '25',
    task,
  ])
  return said.json.run
}

async function untilBranch(repository: string, branch: string): Promise<void> {
  await until(() => gitIn(repository, ['branch', '--list', branch]) !== '')
}
