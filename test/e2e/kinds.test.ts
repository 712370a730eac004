import { chmodSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked, RegionsView } from '../../src/core/protocol/results.ts'
import { commitAll, gitIn, makeRepository, writeFiles } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'
import { ownThings } from '../support/untouched.ts'

const lines = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`)
const text = (end = '\n'): string => lines.map((line) => line + end).join('')

const base = {
  'a b': text(),
  '"quoted"': text(),
  'tab\tand\nline': text(),
  'back\\slash': text(),
  'café 影': text(),
  '-dash': text(),
  ':(top)magic': text(),
  crlf: text('\r\n'),
  mixed: text().replace('line 4\n', 'line 4\r\n'),
  'no end': lines.join('\n'),
  latin1: Buffer.from(text().replace('line 3', 'caf\xe9'), 'latin1'),
  empty: '',
  'was empty': '',
  program: text(),
  'old/one': text().replace('line 1', 'one'),
  'old/two': text().replace('line 2', 'two'),
  binary: Buffer.from(`a\0${text()}`),
  gone: 'gone\n',
  typed: 'a file\n',
}

function change(root: string): void {
  const edited = Object.entries(base)
    .slice(0, 7)
    .map(([path]) => [path, text().replace('line 2', 'second').replace('line 9', 'ninth')])
  writeFiles(root, {
    ...Object.fromEntries(edited),
    crlf: text('\r\n').replace('line 2', 'second').replace('line 9\r\n', 'ninth\n'),
    mixed: text().replace('line 2\n', 'second\r\n').replace('line 4\n', 'line 4\r\n'),
    'no end': `${lines.join('\n').replace('line 2', 'second')} and more`,
    latin1: Buffer.from(text().replace('line 3', 'caf\xe9').replace('line 9', 'n\xefnth'), 'latin1'),
    'was empty': 'not any more',
    'new empty': '',
    '\u00a0new\\\t"': 'new\n',
    binary: Buffer.from(`b\0${text()}`),
    program: text().replace('line 5', 'fifth'),
    'moved/below/one': text().replace('line 1', 'one').replace('line 9', 'ninth'),
    'moved/below/ two\n': text().replace('line 2', 'two'),
  })
  chmodSync(join(root, 'program'), 0o755)
  for (const path of ['gone', 'empty', 'typed', 'old/one', 'old/two']) rmSync(join(root, path))
  symlinkSync('a b', join(root, 'typed'))
}

/** A run that compares one branch with everything that can be changed. */
async function everyKind(): Promise<{
  repository: string
  pick: (...words: string[]) => Promise<Picked>
  undo: () => Promise<unknown>
  regions: () => Promise<RegionsView['regions']>
}> {
  const house = makeHouse()
  const repository = makeRepository({ files: base })
  gitIn(repository, ['checkout', '--quiet', '-b', 'changed'])
  change(repository)
  commitAll(repository, 'changed')
  gitIn(repository, ['checkout', '--quiet', 'main'])
  await house.done(repository, ['compare', 'changed'])
  return {
    repository,
    pick: (...words) => house.done<Picked>(repository, ['pick', 'r1', ...words]),
    undo: () => house.done(repository, ['undo']),
    regions: async () => (await house.done<RegionsView>(repository, ['regions', 'r1'])).regions,
  }
}

test('every kind of change under every kind of name lands byte by byte in the worktree, and undo restores all', async () => {
  const { repository, pick, undo } = await everyKind()
  const before = ownThings(repository)
  await pick('--from', 'changed')
  expect(onDisk(repository)).toEqual(changedOnDisk(repository))
  await undo()
  expect(ownThings(repository)).toEqual(before)
})

test('its pieces land one by one, from the last to the first, and are the whole', async () => {
  const { repository, pick, undo, regions } = await everyKind()
  const all = await regions()
  expect(new Set(all.map(({ kind }) => kind))).toEqual(
    new Set(['text', 'add', 'delete', 'rename', 'mode', 'type', 'binary']),
  )
  for (const { id } of all.toReversed()) await pick(`${id}=a`)
  expect(onDisk(repository)).toEqual(changedOnDisk(repository))
  for (const _ of all) await undo()
  expect(gitIn(repository, ['status', '--porcelain', '--untracked-files=all'])).toBe('')
})

/** What lies in the worktree, by its path: mode and bytes. */
function onDisk(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
  const files = names.filter(
    (name) => !/^\.git(\/|$)/.test(name) && !lstatSync(join(root, name)).isDirectory(),
  )
  return Object.fromEntries(
    files.map((name) => {
      const found = lstatSync(join(root, name))
      if (found.isSymbolicLink()) return [name, `120000 ${readlinkSync(join(root, name))}`]
      const mode = found.mode & 0o100 ? '100755' : '100644'
      return [name, `${mode} ${readFileSync(join(root, name), 'latin1')}`]
    }),
  )
}

function changedOnDisk(repository: string): Record<string, string> {
  const worktree = `${repository}-changed`
  gitIn(repository, ['worktree', 'add', '--quiet', '--detach', worktree, 'changed'])
  const files = onDisk(worktree)
  gitIn(repository, ['worktree', 'remove', worktree])
  return files
}
