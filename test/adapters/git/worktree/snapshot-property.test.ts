import { chmodSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { array, asyncProperty, constantFrom, record } from 'fast-check'
import { expect, test } from 'vitest'
import { holdsAsync } from '../../../support/async-property.ts'
import { gitIn, headOf, makeRepository } from '../../../support/git-repository.ts'
import { openBoth, snapshotOf } from '../../../support/own-repository.ts'

interface Step {
  readonly act:
    | 'write'
    | 'append'
    | 'remove'
    | 'link'
    | 'mode'
    | 'stage'
    | 'commit'
    | 'unstage'
    | 'hide'
    | 'skip'
    | 'snapshot'
  readonly path: string
  readonly text: string
}

const paths = [
  'a',
  'b',
  'dir/a',
  'dir/b',
  'dir/sub/c',
  'new',
  'dir',
  'x y',
  '-n',
  'q"\\',
  'é\n',
  'o.ignored',
  '.gitignore',
]
const steps = array(
  record<Step>({
    act: constantFrom(
      'write',
      'write',
      'append',
      'remove',
      'link',
      'mode',
      'stage',
      'commit',
      'unstage',
      'hide',
      'skip',
      'snapshot',
    ),
    path: constantFrom(...paths),
    text: constantFrom('', 'one\n', 'two\n', 'one\ntwo\n', 'crlf\r\n', 'no end', '*.ignored\n', 'nul\0'),
  }),
  { maxLength: 14 },
)

test('after any edits a snapshot is the tree that plain git makes, and the same when taken again', async () => {
  await holdsAsync(
    asyncProperty(steps, async (all) => {
      const root = makeRepository({
        files: { a: 'a\n', b: 'b\n', 'dir/a': 'a\n', 'dir/sub/c': 'c\n', '.gitignore': '*.ignored\n' },
      })
      const opened = await openBoth(root)
      for (const step of all) {
        if (step.act === 'snapshot') await snapshotOf(opened)
        else perform(root, step)
      }
      const taken = await snapshotOf(opened)
      expect((await snapshotOf(opened)).commit).toBe(taken.commit)
      // A hidden file that is gone is gone; one that a sparse checkout left out is not.
      const tracked = gitIn(root, ['ls-files', '-z'])
      const hidden = ['update-index', '--no-assume-unchanged', '-z', '--stdin']
      gitIn(root, hidden, Buffer.from(tracked, 'latin1'))
      for (const path of tracked.split('\0').filter(Boolean)) {
        const options = ['update-index', '--no-assume-unchanged', '--no-skip-worktree']
        if (exists(join(root, Buffer.from(path, 'latin1').toString())))
          gitIn(root, [...options, '-z', '--stdin'], Buffer.from(`${path}\0`, 'latin1'))
      }
      gitIn(root, ['-c', 'core.sparseCheckout=true', 'add', '--all', '--sparse'])
      const plain = gitIn(root, ['write-tree']).trim()
      expect(gitIn(opened.own.directory, ['ls-tree', '-r', taken.tree])).toBe(
        gitIn(root, ['ls-tree', '-r', plain]),
      )
      expect(taken.changed.files === 0).toBe(
        plain === gitIn(root, ['rev-parse', `${opened.head}^{tree}`]).trim(),
      )
    }),
    20,
  )
})

function perform(root: string, { act, path, text }: Step): void {
  const full = join(root, path)
  if (act === 'write' || act === 'append') write(full, text, act === 'append' ? 'a' : 'w')
  else if (act === 'remove' && exists(full)) rmSync(full, { recursive: true })
  else if (act === 'link') link(full)
  else if (act === 'mode' && isFile(full)) chmodSync(full, lstatSync(full).mode ^ 0o111)
  else if (act === 'stage') gitIn(root, ['add', '--all'])
  else if (act === 'commit') gitIn(root, ['commit', '-q', '--allow-empty', '-a', '-m', 'x'])
  else if (act === 'unstage') gitIn(root, ['reset', '-q', headOf(root)])
  else if (act === 'hide' && isTracked(root, path))
    gitIn(root, ['update-index', '--assume-unchanged', '--', path])
  else if (act === 'skip' && isTracked(root, path))
    gitIn(root, ['update-index', '--skip-worktree', '--', path])
}

function write(full: string, text: string, flag: 'a' | 'w'): void {
  clearFor(full)
  writeFileSync(full, text, { flag })
}

function link(full: string): void {
  clearFor(full)
  rmSync(full, { force: true })
  symlinkSync('a', full)
}

// Makes room: parents become directories, a directory in the way goes.
function clearFor(full: string): void {
  const parent = dirname(full)
  let above = parent
  while (!exists(above)) above = dirname(above)
  if (!lstatSync(above).isDirectory()) rmSync(above)
  mkdirSync(parent, { recursive: true })
  if (exists(full) && !isFile(full)) rmSync(full, { recursive: true })
}

// A path below a file is not there either.
function exists(full: string): boolean {
  try {
    return lstatSync(full, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}

function isFile(full: string): boolean {
  return exists(full) && lstatSync(full).isFile()
}

function isTracked(root: string, path: string): boolean {
  return gitIn(root, ['ls-files', '-z']).split('\0').includes(Buffer.from(path).toString('latin1'))
}
