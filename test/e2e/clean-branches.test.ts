import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked, Results } from '../../src/core/protocol/results.ts'
import { commitAll, gitIn, makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { agentNow, spawnRun, untilAll } from '../support/run.ts'
import { type PrivateServer, privateServer } from '../support/tmux-server.ts'
import { until } from '../support/until.ts'

const identity = 'export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b'
const committing = (name: string): string =>
  `${identity}\necho "by ${name}" >${name}.txt && git add -A && git commit -qm "by ${name}"`

test('landed branches go on request, open ones stay and are named, by force they are parked first', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  for (const name of ['ada', 'bo', 'cy']) house.agent(name, committing(name))
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  await house.done(repository, ['wait', 'r1'])
  // One lands, one is copied by hand and committed, one is open.
  await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada'])
  writeFileSync(join(repository, 'bo.txt'), 'by bo\n')
  commitAll(repository, 'by hand')

  const { worktree } = await agentNow(house, repository, 'r1/ada')
  const planned = await house.done<Results['clean']>(repository, ['clean', '--branches', '--dry-run'])
  expect(planned.removed).toEqual(['r1/ada', 'r1/bo', 'r1/cy'])
  expect(existsSync(worktree)).toBe(true)

  const cleaned = await house.done<Results['clean']>(repository, ['clean', '--branches'])
  expect(cleaned.branches).toEqual({
    deleted: ['kage/r1/ada', 'kage/r1/bo'],
    parked: [],
    open: [{ branch: 'kage/r1/cy', reason: 'not everything of it has landed' }],
  })
  expect(branches(repository)).toBe('kage/r1/cy\n')

  gitIn(repository, ['branch', '-f', 'kage/r1/cy', 'HEAD'])
  const moved = await house.done<Results['clean']>(repository, ['clean', '--branches'])
  expect(moved.branches.open).toHaveLength(1)
  const tip = gitIn(repository, ['rev-parse', 'kage/r1/cy']).trim()
  const forced = await house.done<Results['clean']>(repository, ['clean', '--branches', '--force'])
  expect(forced.removed).toEqual([])
  expect(forced.branches.deleted).toEqual(['kage/r1/cy'])
  expect(branches(repository)).toBe('')
  await house.done(repository, ['gc'])
  const [{ ref } = { ref: 'none' }] = forced.branches.parked
  expect(gitIn(ownDirectory(house), ['rev-parse', ref]).trim()).toBe(tip)
  gitIn(repository, ['fetch', '-q', ownDirectory(house), `${ref}:refs/heads/back`])
  expect(gitIn(repository, ['rev-parse', 'back']).trim()).toBe(tip)
})

test('a run that is not old enough is left alone, and a branch in use stays even by force', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', committing('ada'))
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  await house.done(repository, ['wait', 'r1'])
  const young = await house.done<Results['clean']>(repository, ['clean', '--older-than', '1', '--branches'])
  expect(young).toMatchObject({ removed: [], branches: { deleted: [], open: [] } })
  await house.done(repository, ['clean', '--older-than', '0'])
  gitIn(repository, ['checkout', '-q', 'kage/r1/ada'])
  const used = await house.done<Results['clean']>(repository, ['clean', '--branches', '--force'])
  expect(used.branches.open).toEqual([
    { branch: 'kage/r1/ada', reason: expect.stringContaining('it is checked out at') as unknown },
  ])
  expect((await house.kage(repository, ['clean', '--older-than', 'x'])).code).toBe(2)
})

const namers: readonly [string, RegExp, (root: string, branch: string) => void][] = [
  ['ada', /refs\/heads\/mine names it/, (root, branch) => symbolic(root, 'refs/heads/mine', branch)],
  ['bo', /refs\/remotes\/x\/HEAD names it/, (root, branch) => symbolic(root, 'refs/remotes/x/HEAD', branch)],
  ['cy', /MINE names it/, (root, branch) => symbolic(root, 'MINE', branch)],
  [
    'di',
    /checked out at .*elsewhere/,
    (root, branch) => {
      gitIn(root, ['worktree', 'add', '-q', '--detach', '../elsewhere'])
      symbolic(root, 'refs/heads/alias', branch)
      gitIn(join(root, '../elsewhere'), ['symbolic-ref', 'HEAD', 'refs/heads/alias'])
    },
  ],
  [
    'ed',
    /rebase-merge\/head-name names it/,
    (root, branch) => {
      gitIn(root, ['worktree', 'add', '-q', '../rebasing', branch])
      const at = join(root, '../rebasing')
      execFileSync('git', ['rebase', '-q', '-i', '--force-rebase', 'main'], {
        cwd: at,
        env: { ...process.env, GIT_SEQUENCE_EDITOR: 'sed -i "1i break"' },
        stdio: 'ignore',
      })
    },
  ],
  [
    'flo',
    /BISECT_START names it/,
    (root, branch) => {
      gitIn(root, ['worktree', 'add', '-q', '../bisecting', branch])
      gitIn(join(root, '../bisecting'), ['bisect', 'start'])
      gitIn(join(root, '../bisecting'), ['checkout', '-q', '--detach'])
    },
  ],
  [
    'gus',
    /it is a symbolic ref to refs\/heads\/keep/,
    (root, branch) => {
      gitIn(root, ['branch', 'keep', branch])
      symbolic(root, `refs/heads/${branch}`, 'keep')
    },
  ],
]

test('a branch that any symbolic ref or HEAD names stays, and is said, even by force', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  for (const [name] of namers) house.agent(name, committing(name))
  house.agent('zoe', committing('zoe'))
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  await house.done(repository, ['wait', 'r1'])
  for (const [name, , make] of namers) make(repository, `kage/r1/${name}`)
  const before = gitIn(repository, ['show-ref'])
  const cleaned = await house.done<Results['clean']>(repository, ['clean', '--branches', '--force'])
  expect(cleaned.branches).toMatchObject({ deleted: ['kage/r1/zoe'], parked: [{ branch: 'kage/r1/zoe' }] })
  expect(cleaned.branches.open).toEqual(
    namers.map(([name, reason]) => ({
      branch: `kage/r1/${name}`,
      reason: expect.stringMatching(reason) as unknown,
    })),
  )
  expect(gitIn(repository, ['show-ref'])).toBe(before.replace(/^.*kage\/r1\/zoe\n/m, ''))
})

function symbolic(root: string, name: string, branch: string): void {
  gitIn(root, ['symbolic-ref', name, `refs/heads/${branch}`])
}

test('the configuration says how many landings can be undone', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'for each in 1 2 3; do echo $each >$each.txt; done')
  house.configure('[retention]\nundos = 2\n')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  await house.done(repository, ['wait', 'r1'])
  for (const name of ['1.txt', '2.txt', '3.txt'])
    await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada', '--path', name])
  const { undos } = await house.done<Results['undos']>(repository, ['undo', '--list'])
  expect(undos.map(({ id }) => id)).toEqual(['u3', 'u2'])
  expect(readdirSync(join(ownDirectory(house), 'landings')).filter((name) => name.includes('u1'))).toEqual([])
})

test('on a terminal a clean of every run asks first', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'echo done >done.txt')
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  await house.done(repository, ['wait', 'r1'])
  const { worktree } = await agentNow(house, repository, 'r1/ada')
  const { server, type, screen } = terminalOf(house, repository)
  await until(() => screen().includes('Remove r1/ada? [y/N]'))
  type('n', 'Enter')
  await until(() => screen().includes('ended 1'))
  expect(existsSync(worktree)).toBe(true)
  server.tmux('respawn-pane', '-k', '-t', 'clean')
  await until(() => !screen().includes('ended') && screen().includes('Remove r1/ada? [y/N]'))
  type('y', 'Enter')
  await until(() => screen().includes('ended 0'))
  expect(existsSync(worktree)).toBe(false)
})

/** A terminal in which `kage clean` runs and then shows its exit code. */
function terminalOf(
  house: House,
  repository: string,
): {
  readonly server: PrivateServer
  readonly type: (...keys: string[]) => void
  readonly screen: () => string
} {
  const server = privateServer({ start: false })
  const variables = Object.entries(house.environment).map(([name, value]) => `${name}=${value}`)
  const program = resolve(import.meta.dirname, '../../bin/kage')
  const script = `'${program}' clean; echo ended $?; cat`
  const words = ['env', '-i', ...variables, 'sh', '-c', script]
  server.tmux('new-session', '-d', '-s', 'clean', '-c', repository, '-x', '100', '-y', '20', '--', ...words)
  return {
    server,
    type: (...keys) => void server.tmux('send-keys', '-t', 'clean', ...keys),
    screen: () => server.tmux('capture-pane', '-p', '-t', 'clean'),
  }
}

function branches(repository: string): string {
  return gitIn(repository, ['branch', '--list', 'kage/*', '--format=%(refname:short)'])
}

function ownDirectory(house: House): string {
  const root = join(house.environment['KAGE_STATE_DIR'] ?? '', 'repositories')
  return join(root, readdirSync(root)[0] ?? '')
}
