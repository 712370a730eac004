import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { AlarmView } from '../../src/core/alarm.ts'
import type { NoticeView } from '../../src/core/notice.ts'
import type { Picked } from '../../src/core/protocol/results.ts'
import { commitAll, gitIn, headOf, makeRepository, writeFiles } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { eventsOf, untilAll } from '../support/run.ts'

type Refs = { readonly refs: NoticeView[] }

/** A repository with a branch, a tag and two entries of a stash, each of them the only way to what it names. */
function richRepository(): string {
  const root = makeRepository()
  for (const name of ['topic', 'tagged']) {
    gitIn(root, ['checkout', '-q', '-b', name])
    writeFiles(root, { [`${name}.txt`]: `${name}\n` })
    commitAll(root, name)
    gitIn(root, ['checkout', '-q', 'main'])
  }
  gitIn(root, ['tag', '-a', '-m', 'v1', 'v1', 'tagged'])
  gitIn(root, ['branch', '-q', '-D', 'tagged'])
  for (const name of ['older', 'newer']) {
    writeFiles(root, { 'a.txt': `${name}\n` })
    gitIn(root, ['stash', 'push', '-q', '-m', name])
  }
  writeFiles(root, { 'a.txt': 'second\n' })
  commitAll(root, 'second')
  return root
}

function names({ refs }: Refs): string[] {
  return refs.map(({ name }) => name)
}

function stashOf(root: string): string[] {
  return gitIn(root, ['stash', 'list', '--format=%gs']).trim().split('\n').filter(Boolean)
}

test('refs and stash entries that an agent takes away are noticed, kept through a gc, and put back', async () => {
  const house = makeHouse()
  const root = richRepository()
  house.agent(
    'evil',
    `cd ${root}; git stash clear; git branch -D topic; git tag -d v1; git update-ref refs/heads/main main~1`,
  )
  const before = Object.fromEntries(
    ['main', 'topic', 'v1'].map((name) => [name, gitIn(root, ['rev-parse', name]).trim()]),
  )
  const stashed = stashOf(root)
  expect(stashed).toEqual(['On main: newer', 'On main: older'])
  await house.done(root, ['spawn', '--wait', 'task'])
  const listed = await house.done<Refs>(root, ['restore-ref'])
  expect(names(listed).toSorted()).toEqual([
    'refs/heads/main',
    'refs/heads/topic',
    'refs/stash',
    'refs/stash',
    'refs/tags/v1',
  ])
  expect(listed.refs.find(({ name }) => name === 'refs/heads/topic')).toMatchObject({
    before: before['topic'],
    after: null,
    agents: ['evil'],
  })
  expect((await house.plain(root, ['ls'])).stdout).toContain('5 refs of yours were lost')
  gitIn(root, ['reflog', 'expire', '--expire=now', '--all'])
  gitIn(root, ['gc', '-q', '--prune=now'])
  expect(() => gitIn(root, ['cat-file', '-e', before['topic'] ?? ''])).toThrow()
  for (const name of ['refs/heads/main', 'topic', 'v1', 'refs/stash'])
    expect((await house.done<Refs>(root, ['restore-ref', name])).refs.length).toBeGreaterThan(0)
  for (const [name, oid] of Object.entries(before)) expect(gitIn(root, ['rev-parse', name]).trim()).toBe(oid)
  expect(stashOf(root)).toEqual(stashed)
  expect(gitIn(root, ['show', 'stash@{0}:a.txt'])).toBe('newer\n')
  gitIn(root, ['fsck', '--strict'])
  expect(await house.done<Refs>(root, ['restore-ref'])).toEqual({ refs: [] })
  // A notice refuses nothing.
  expect(await house.done(root, ['ack', 'r1'])).toEqual({ alarms: [] })
})

test('a reset of the person’s is told beside working agents, since its log does not say who made it', async () => {
  const house = makeHouse()
  const root = richRepository()
  const stop = join(house.directory, 'stop')
  house.agent('busy', `until [ -e ${stop} ]; do sleep 0.1; done`)
  await house.done(root, ['spawn', 'task'])
  await untilAll(house, root, 'working')
  gitIn(root, ['branch', '-q', 'merged', 'main'])
  await house.done(root, ['restore-ref'])
  gitIn(root, ['branch', '-q', '-d', 'merged'])
  expect(await house.done<Refs>(root, ['restore-ref'])).toEqual({ refs: [] })
  gitIn(root, ['reset', '-q', '--hard', 'HEAD~1'])
  expect(names(await house.done<Refs>(root, ['restore-ref']))).toEqual(['refs/heads/main'])
  writeFileSync(stop, '')
})

test('a ref that the person moved since is left alone', async () => {
  const house = makeHouse()
  const root = richRepository()
  house.agent('evil', `git -C ${root} branch -D topic`)
  await house.done(root, ['spawn', '--wait', 'task'])
  gitIn(root, ['branch', 'topic', 'main'])
  const refused = await house.kage<{ error: { code: string } }>(root, ['restore-ref', 'topic'])
  expect([refused.code, refused.json.error.code]).toEqual([1, 'KAGE_TARGET_MOVED'])
  expect(gitIn(root, ['rev-parse', 'topic'])).toBe(gitIn(root, ['rev-parse', 'main']))
  const unknown = await house.kage<{ error: { code: string } }>(root, ['restore-ref', 'nothing'])
  expect([unknown.code, unknown.json.error.code]).toEqual([1, 'KAGE_REVISION_UNKNOWN'])
})

test('in a linked worktree, too, what an agent does to the person’s branch is told from their own doing', async () => {
  const house = makeHouse()
  const root = richRepository()
  house.agent('evil', 'git update-ref refs/heads/main main~1')
  house.configure('[worktree]\ngit = "linked"\n')
  const main = headOf(root)
  await house.done(root, ['spawn', '--wait', 'task'])
  expect(names(await house.done<Refs>(root, ['restore-ref']))).toEqual(['refs/heads/main'])
  await house.done(root, ['restore-ref', 'main'])
  expect(headOf(root)).toBe(main)
})

test('a day of an ordinary person beside six agents raises nothing', async () => {
  const house = makeHouse()
  const { root, upstream } = clonedRepository(house)
  house.agent('lander', 'for n in 0 1 2 3 4 5 6 7 8 9; do echo "$n" > landed-$n.txt; done')
  await house.done(root, ['spawn', '-a', 'lander', '--wait', 'to land'])
  const stop = join(house.directory, 'stop')
  const report = (status: string): string =>
    `printf '{"type":"agent.reported","data":{"status":"${status}","message":"m"}}\\n' >> "$(dirname "$KAGE_TASK_FILE")/outbox"`
  const workers = ['one', 'two', 'three', 'four', 'five', 'six'].map((name) =>
    house.agent(
      name,
      `n=0; while [ ! -e ${stop} ]; do n=$((n+1)); echo $n > work.txt; git add -A; git commit -qm w; git stash list > /dev/null
       ${report('waiting')}; sleep 1; ${report('working')}; sleep 2; done`,
    ),
  )
  await house.done(root, ['spawn', '-n', '6', ...workers.flatMap((name) => ['-a', name]), 'task'])
  await untilAll(house, root, 'working', 'r2')
  for (let hour = 0; hour < 10; hour++) await hourOf(house, root, upstream, hour)
  writeFileSync(stop, '')
  // An agent may say that it waits before it sees the end, so that `kage wait` would return.
  await untilAll(house, root, 'done', 'r2')
  expect(await house.done<Refs>(root, ['restore-ref'])).toEqual({ refs: [] })
  for (const run of ['r1', 'r2'])
    expect(await house.done<{ alarms: AlarmView[] }>(root, ['ack', run])).toEqual({ alarms: [] })
  const types = (await eventsOf(house, root)).map(({ type }) => type)
  expect(types.filter((type) => type === 'alarm.raised' || type === 'notice.raised')).toEqual([])
  expect(types.filter((type) => type === 'agent.reported').length).toBeGreaterThan(12)
})

function clonedRepository(house: House): { root: string; upstream: string } {
  const upstream = makeRepository({ at: join(house.directory, 'upstream') })
  gitIn(house.directory, ['clone', '-q', upstream, 'mine'])
  const root = join(house.directory, 'mine')
  for (const [key, value] of [
    ['user.name', 'Me'],
    ['user.email', 'me@example.test'],
  ] as const)
    gitIn(root, ['config', key, value])
  return { root, upstream }
}

/** Four commits, half of them amended, a fetch, every other hour a rebase, stashes in between, and one landing. */
async function hourOf(house: House, root: string, upstream: string, hour: number): Promise<void> {
  // A branch that is merged goes, and later one whose commits the upstream has.
  if (hour === 6) gitIn(root, ['branch', '-q', '-d', 'aside'])
  for (let count = 0; count < 4; count++) {
    writeFiles(root, { [`mine-${hour}-${count}.txt`]: `${count}\n` })
    commitAll(root, `mine ${hour} ${count}`)
    if (count % 2 === 0) gitIn(root, ['commit', '-q', '--amend', '-m', `mine ${hour} ${count}, better`])
  }
  writeFiles(root, { 'a.txt': `dirty ${hour}\n` })
  gitIn(root, ['stash', 'push', '-q', '-m', `later ${hour}`])
  if (hour % 3 === 1) gitIn(root, ['stash', 'drop', '-q', 'stash@{1}'])
  if (hour % 3 === 2) gitIn(root, ['stash', 'pop', '-q'])
  gitIn(root, ['checkout', '-q', '--', 'a.txt'])
  writeFiles(upstream, { [`upstream-${hour}.txt`]: 'x\n' })
  commitAll(upstream, `upstream ${hour}`)
  gitIn(root, ['fetch', '-q'])
  if (hour % 2 === 0) gitIn(root, ['rebase', '-q', 'origin/main'])
  if (hour === 3) gitIn(root, ['branch', '-q', '-u', 'origin/main'])
  if (hour === 5) {
    gitIn(root, ['checkout', '-q', '-b', 'side'])
    gitIn(root, ['branch', '-m', 'side', 'aside'])
    gitIn(root, ['checkout', '-q', 'main'])
  }
  if (hour === 7) gitIn(root, ['branch', '-q', 'there', 'origin/main'])
  if (hour === 8) gitIn(root, ['branch', '-q', '-D', 'there'])
  const picked = await house.done<Picked>(root, [
    'pick',
    'r1',
    '--from',
    'lander',
    '--path',
    `landed-${hour}.txt`,
    '--commit',
  ])
  expect(picked.result).toBe('landed')
  expect(readFileSync(join(root, `landed-${hour}.txt`), 'utf8')).toBe(`${hour}\n`)
  if (hour === 7) {
    await house.done(root, ['undo'])
    expect(existsSync(join(root, `landed-${hour}.txt`))).toBe(false)
  }
}
