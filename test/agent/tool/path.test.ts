import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { array, constantFrom, property } from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { isGitName, placeIn } from '../../../src/agent/tool/path.ts'
import { holds } from '../../support/property.ts'
import { temporaryDirectory } from '../../support/temporary.ts'

let outside = ''
let root = ''

beforeEach(() => {
  outside = temporaryDirectory()
  root = join(outside, 'worktree')
  mkdirSync(join(root, 'a/b'), { recursive: true })
  mkdirSync(join(root, '.git'))
  writeFileSync(join(root, 'a/file'), '')
  writeFileSync(join(outside, 'file'), '')
  symlinkSync('b', join(root, 'a/inside'))
  symlinkSync('../..', join(root, 'a/up'))
  symlinkSync('file', join(root, 'a/alias'))
  symlinkSync(join(outside, 'file'), join(root, 'a/away'))
  symlinkSync('../.git', join(root, 'a/git'))
  symlinkSync('nowhere', join(root, 'a/dead'))
  symlinkSync('loop', join(root, 'a/loop'))
})

test('places in the worktree are found, links within it followed', () => {
  expect(placeIn(root, 'a/file')).toMatchObject({ path: join(root, 'a/file'), name: 'a/file', kind: 'file' })
  expect(placeIn(root, './a//b/../file').name).toBe('a/file')
  expect(placeIn(root, join(root, 'a/b'))).toMatchObject({ name: 'a/b', kind: 'directory' })
  expect(placeIn(root, 'a/inside/new/er')).toMatchObject({ name: 'a/b/new/er', kind: null })
  expect(placeIn(root, 'a/alias').name).toBe('a/file')
  expect(placeIn(root, '.').kind).toBe('directory')
  expect(placeIn(root, '.gitignore').kind).toBe(null)
  expect(placeIn(root, '..a').kind).toBe(null)
})

test.each([
  ['../file', 'outside'],
  ['..', 'outside'],
  ['/etc/passwd', 'outside'],
  ['a/up/file', 'outside'],
  ['a/up/new/file', 'outside'],
  ['a/away', 'outside'],
  ['a/../../worktree2/x', 'outside'],
  ['.git', 'git'],
  ['.GiT/config', 'git'],
  ['a/b/.git', 'git'],
  ['a/git', 'git'],
  ['a/git/hooks/x', 'git'],
  ['.g\u200cit/config', 'git'],
  ['a/dead', 'leads nowhere'],
  ['a/dead/x', 'leads nowhere'],
  ['a/loop', 'leads nowhere'],
  ['a/file/x', 'is a file'],
  ['a\0b', 'NUL'],
  ['', 'empty'],
])('%j is refused', (given, why) => {
  expect(() => placeIn(root, given)).toThrow(why)
})

test('pipes and devices are refused', () => {
  execFileSync('mkfifo', [join(root, 'pipe')])
  expect(() => placeIn(root, 'pipe')).toThrow('neither a file nor a directory')
  linkSync(join(root, 'a/file'), join(root, 'hard'))
  expect(placeIn(root, 'hard').kind).toBe('file')
})

test('whatever a path is made of, its place lies in the worktree, and is not of git', () => {
  const parts = [
    'a',
    'b',
    'up',
    'inside',
    'away',
    'alias',
    'git',
    '.git',
    '..',
    '.',
    'file',
    'new',
    'dead',
    '',
  ]
  holds(
    property(array(constantFrom(...parts), { minLength: 1, maxLength: 6 }), (names) => {
      const place = placeOf(names.join('/'))
      if (place === null) return
      const name = relative(root, place)
      expect(name.startsWith('..')).toBe(false)
      expect(name.split('/').some(isGitName)).toBe(false)
      // What the system itself makes of the directory above it is the same.
      const parent = join(place, '..')
      const real = systemsPath(parent)
      if (real !== null && place !== root) expect(real).toBe(parent)
    }),
    200,
  )
})

function placeOf(given: string): string | null {
  try {
    return placeIn(root, given).path
  } catch {
    return null
  }
}

function systemsPath(path: string): string | null {
  try {
    return execFileSync('realpath', ['-e', '--', path], { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return null
  }
}
