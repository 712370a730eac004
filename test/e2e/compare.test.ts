import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked, RegionsView } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { commitAll, gitIn, headOf, makeRepository, writeFiles } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { temporaryDirectory } from '../support/temporary.ts'
import { ownThings } from '../support/untouched.ts'

const text = Array.from({ length: 12 }, (_, index) => `line ${index + 1}\n`).join('')

test('branches, a commit and a dirty worktree that anyone made are compared and picked from', async () => {
  const { house, repository } = base()
  const root = headOf(repository)
  branch(repository, 'feature/a', { 'poem.txt': text.replace('line 2\n', 'a 2\n') })
  const commit = branch(repository, 'b', { 'poem.txt': text.replace('line 6\n', 'b 6\n') })
  const worktree = join(temporaryDirectory(), 'mine')
  gitIn(repository, ['worktree', 'add', '--quiet', '-b', 'c', worktree, root])
  writeFiles(worktree, { 'poem.txt': text.replace('line 2\n', 'c 2\n'), 'new.txt': 'untracked\n' })
  const before = ownThings(repository)

  const { run } = await house.done<{ run: RunView }>(repository, ['compare', 'feature/a', commit, worktree])
  expect(run).toMatchObject({ id: 'r1', mode: 'compare', status: 'done', base: root })
  expect(run.agents.map(({ name, status, pane }) => [name, status, pane])).toEqual([
    ['feature/a', 'done', null],
    [commit, 'done', null],
    [worktree, 'done', null],
  ])
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  expect(
    regions.map(({ id, path, variants }) => [id, path, variants.map(({ agents }) => agents.join('='))]),
  ).toEqual([
    ['g1', 'new.txt', [worktree]],
    ['g2', 'poem.txt', ['feature/a', worktree]],
    ['g3', 'poem.txt', [commit]],
  ])
  writeFiles(worktree, { 'new.txt': 'changed after the one look\n' })
  await house.done<Picked>(repository, ['pick', 'r1', 'g1=' + worktree, 'g2=feature/a', 'g3=' + commit])
  const read = (path: string): string => readFileSync(join(repository, path), 'utf8')
  expect(read('poem.txt')).toBe(text.replace('line 2\n', 'a 2\n').replace('line 6\n', 'b 6\n'))
  expect(read('new.txt')).toBe('untracked\n')
  await house.done(repository, ['undo'])
  expect(ownThings(repository)).toEqual(before)
  expect((await house.kage(repository, ['wait', 'r1'])).code).toBe(0)
})

test('one revision is compared from where it left HEAD', async () => {
  const { house, repository } = base()
  const root = headOf(repository)
  branch(repository, 'a', { 'poem.txt': text.replace('line 2\n', 'a 2\n') })
  writeFiles(repository, { 'own.txt': 'own\n' })
  commitAll(repository, 'own')
  const { run } = await house.done<{ run: RunView }>(repository, ['compare', 'a'])
  expect([run.base, run.agents[0]?.changed.files]).toEqual([root, 1])
})

test('a file that git would merge by a driver is flagged, in the regions and in words', async () => {
  const { house, repository } = base()
  branch(repository, 'a', { 'poem.txt': text.replace('line 2\n', 'a 2\n') })
  writeFiles(repository, { '.gitattributes': '*.txt merge=union\n' })
  await house.done(repository, ['compare', 'a'])
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  expect(regions).toMatchObject([{ id: 'g1', path: 'poem.txt', mergeDriver: 'union' }])
  const { stdout } = await house.plain(repository, ['regions', 'r1'])
  expect(stdout).toContain('(git merges this by union, Kage by lines)')
})

test('variants that differ only in blanks and comments are told as alike', async () => {
  const { house, repository } = base()
  const code = 'let a = 1;\nlet b = 2;\nlet c = 3;\n'
  writeFiles(repository, { 'a.js': code })
  commitAll(repository, 'code')
  const made = { one: 'let b = f(2);\n', two: 'let b = g(2);\n', three: 'let b = f( 2 ); // why\n' }
  for (const [name, line] of Object.entries(made))
    branch(repository, name, { 'a.js': code.replace('let b = 2;\n', line) })
  await house.done(repository, ['compare', ...Object.keys(made)])
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  expect(regions).toMatchObject([{ id: 'g1', path: 'a.js', alike: [['g1.a', 'g1.c']] }])
})

test('several merge bases refuse and ask for one', async () => {
  const { house, repository } = base()
  const first = branch(repository, 'a', { 'a.txt': 'a\n' })
  branch(repository, 'b', { 'b.txt': 'b\n' })
  gitIn(repository, ['checkout', '--quiet', 'a'])
  gitIn(repository, ['merge', '--quiet', '--no-edit', 'b'])
  gitIn(repository, ['checkout', '--quiet', 'b'])
  gitIn(repository, ['merge', '--quiet', '--no-edit', first])
  writeFiles(repository, { 'c.txt': 'c\n' })
  commitAll(repository, 'c')
  gitIn(repository, ['checkout', '--quiet', 'main'])
  expect(await house.kage(repository, ['compare', 'a', 'b'])).toMatchObject({
    code: 1,
    json: { error: { code: 'KAGE_MERGE_BASE_AMBIGUOUS' } },
  })
  const { run } = await house.done<{ run: RunView }>(repository, ['compare', '--base', 'main', 'a', 'b'])
  expect(run.base).toBe(headOf(repository))
  for (const words of [['nowhere'], ['a', 'a'], []])
    expect((await house.kage(repository, ['compare', ...words])).code).not.toBe(0)
})

function base(): { house: House; repository: string } {
  return { house: makeHouse(), repository: makeRepository({ files: { 'poem.txt': text } }) }
}

/** Makes a branch off main with one commit, and goes back to main. */
function branch(repository: string, name: string, files: Readonly<Record<string, string>>): string {
  gitIn(repository, ['checkout', '--quiet', '-b', name, 'main'])
  writeFiles(repository, files)
  const commit = commitAll(repository, name)
  gitIn(repository, ['checkout', '--quiet', 'main'])
  return commit
}
