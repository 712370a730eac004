import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Results } from '../../src/core/protocol/results.ts'
import { gitIn, makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { agentNow, spawnRun, untilAll } from '../support/run.ts'
import { temporaryDirectory } from '../support/temporary.ts'

const identity = 'export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b'

test('nested repositories are named everywhere, refuse a clean, and are parked whole by force', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent(
    'ada',
    `${identity}
     git init -q pkg && cd pkg && echo w >work.txt && git add -A && git commit -qm w && git tag v1
     echo stashed >work.txt && git stash -q && echo more >more.txt
     git init -q inner && echo deep >inner/deep.txt && cd ..
     git init -q unborn && echo u >unborn/u.txt
     git init -q src && git -C src commit -q --allow-empty -m history`,
  )
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  await house.done(repository, ['wait', 'r1'])
  const named = ['pkg', 'src', 'unborn']
  expect((await agentNow(house, repository, 'r1/ada')).nested.toSorted()).toEqual(named)
  expect((await house.plain(repository, ['ls'])).stdout).toContain('not captured: ')
  const { stderr } = await house.plain(repository, ['regions', 'r1'])
  for (const path of named) expect(stderr).toContain(`${path} of r1/ada`)

  const { worktree } = await agentNow(house, repository, 'r1/ada')
  const refused = await house.kage(repository, ['clean', 'r1'])
  expect(refused).toMatchObject({ code: 1, json: { error: { code: 'KAGE_WORK_UNSAVED' } } })
  for (const path of named) expect(JSON.stringify(refused.json)).toContain(`${path} of r1/ada`)
  expect(readFileSync(join(worktree, 'pkg/more.txt'), 'utf8')).toBe('more\n')

  const { parked } = await house.done<Results['clean']>(repository, ['clean', 'r1', '--force'])
  expect(existsSync(worktree)).toBe(false)
  expect(parked.map(({ path }) => path).toSorted()).toEqual(['pkg', 'pkg/inner', 'src', 'unborn'])
  const pkg = unpacked(placeOf(parked, 'pkg'))
  expect(gitIn(pkg, ['log', '--format=%s', 'v1'])).toBe('w\n')
  expect(gitIn(pkg, ['show', 'origin/kage-worktree:more.txt'])).toBe('more\n')
  const stashed = refIn(placeOf(parked, 'pkg'), 'refs/kage/parked/stash/0')
  gitIn(pkg, ['fetch', '-q', placeOf(parked, 'pkg'), 'refs/kage/parked/stash/0'])
  expect(gitIn(pkg, ['show', `${stashed}:work.txt`])).toBe('stashed\n')
  const inner = unpacked(placeOf(parked, 'pkg/inner'))
  expect(gitIn(inner, ['show', 'origin/kage-worktree:deep.txt'])).toBe('deep\n')
  expect(gitIn(unpacked(placeOf(parked, 'unborn')), ['show', 'origin/kage-worktree:u.txt'])).toBe('u\n')
  const src = unpacked(placeOf(parked, 'src'))
  expect(gitIn(src, ['log', '--all', '--format=%s'])).toContain('history\n')
})

test('a submodule as the base records it is cleaned; one with a commit or a changed file of its own is not', async () => {
  const house = makeHouse()
  const library = makeRepository({ files: { 'lib.txt': 'library\n' } })
  const repository = makeRepository()
  gitIn(repository, ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'vendor'])
  gitIn(repository, ['commit', '-qm', 'vendor'])
  const update = 'git -c protocol.file.allow=always submodule --quiet update --init'
  house.agent('ada', update)
  house.agent('bo', `${identity}\n${update}\ncd vendor && echo x >x.txt && git add -A && git commit -qm x`)
  house.agent('cy', `${update}\necho dirt >>vendor/lib.txt`)
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  await house.done(repository, ['wait', 'r1'])
  const nested = async (name: string): Promise<readonly string[]> =>
    (await agentNow(house, repository, `r1/${name}`)).nested
  expect([await nested('ada'), await nested('bo'), await nested('cy')]).toEqual([[], ['vendor'], ['vendor']])
  const { parked } = await house.done<Results['clean']>(repository, ['clean', 'r1', '--force'])
  expect(parked.map(({ agent, path }) => `${agent} ${path}`).toSorted()).toEqual([
    'r1/bo vendor',
    'r1/cy vendor',
  ])
  const dirty = unpacked(parked.find(({ agent }) => agent === 'r1/cy')?.place ?? '')
  expect(gitIn(dirty, ['show', 'origin/kage-worktree:lib.txt'])).toBe('library\ndirt\n')
})

test('an untracked file over large_mb is named, refuses a clean, and is moved away by force', async () => {
  const house = makeHouse()
  const repository = makeRepository()
  house.agent('ada', 'echo small >small.txt; mkdir dumps; head -c 2000000 /dev/zero >dumps/core; echo dumped')
  configureLarge(house, 1)
  await spawnRun(house, repository)
  await untilAll(house, repository, 'done')
  await house.done(repository, ['wait', 'r1'])
  const { leftOut, changed } = await agentNow(house, repository, 'r1/ada')
  expect({ leftOut, files: changed.files }).toEqual({ leftOut: ['dumps/core'], files: 1 })
  expect((await house.plain(repository, ['show', 'r1/ada'])).stdout).toContain('dumps/core')
  expect(sizeOfState(house)).toBeLessThan(1_500_000)
  const refused = await house.kage(repository, ['clean'])
  expect(refused).toMatchObject({ code: 1, json: { error: { code: 'KAGE_WORK_UNSAVED' } } })
  expect(JSON.stringify(refused.json)).toContain('dumps/core of r1/ada')
  const { parked } = await house.done<Results['clean']>(repository, ['clean', '--force'])
  expect(statSync(placeOf(parked, 'dumps/core')).size).toBe(2_000_000)
  expect(placeOf(parked, 'dumps/core').startsWith(house.environment['KAGE_DATA_DIR'] ?? '?')).toBe(true)
})

function placeOf(parked: Results['clean']['parked'], path: string): string {
  return parked.find((each) => each.path === path)?.place ?? `${path} was not parked`
}

function unpacked(bundle: string): string {
  const directory = join(temporaryDirectory(), 'clone')
  gitIn(temporaryDirectory(), ['clone', '-q', '--no-checkout', bundle, directory])
  return directory
}

function refIn(bundle: string, ref: string): string {
  const line = gitIn(temporaryDirectory(), ['bundle', 'list-heads', bundle, ref])
  return line.split(' ')[0] ?? ''
}

function configureLarge(house: House, megabytes: number): void {
  house.configure(`[worktree]\nlarge_mb = ${megabytes}\n`)
}

function sizeOfState(house: House): number {
  const repositories = join(house.environment['KAGE_STATE_DIR'] ?? '', 'repositories')
  return Number(execFileSync('du', ['-sb', repositories], { encoding: 'utf8' }).split('\t')[0])
}
