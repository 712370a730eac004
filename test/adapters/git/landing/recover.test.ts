import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { LandingPlan, LandingTarget } from '../../../../src/adapters/git/landing/landing-plan.ts'
import { performLanding } from '../../../../src/adapters/git/landing/perform.ts'
import { recoverLanding } from '../../../../src/adapters/git/landing/recover.ts'
import { performUndo, planUndo, recoverUndo } from '../../../../src/adapters/git/landing/undo.ts'
import { gitIn, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { killAt } from '../../../support/kill-at.ts'
import { currentBranch, planOf, put, removed } from '../../../support/landing.ts'
import { openBoth } from '../../../support/own-repository.ts'
import type { Opened } from '../../../support/own-repository.ts'
import { userFingerprint } from '../../../support/user-fingerprint.ts'

const ten = Array.from({ length: 10 }, (_, index) => `${index + 1}\n`).join('')
const edited = ten.replace('9\n', 'nine\n')
const elsewhere: LandingTarget = { ...currentBranch({ ref: 'side' }), checkedOut: false } as LandingTarget
const targets: readonly LandingTarget[] = [{ kind: 'worktree' }, currentBranch(), elsewhere]
const effects = [
  'write:a',
  'write:n/new',
  'write:turned/x',
  'place:gone/x',
  'place:turned',
  'leave:gone',
  'make:n',
  'make:turned',
  'place:a',
  'place:link',
  'place:n/new',
  'place:turned/x',
  'clean',
]
const branchEffects = ['objects', 'lock', 'branch', 'index']
const names = ['worktree', 'current branch', 'branch that no worktree has'] as const
const cases = targets.map((target, index) => [names[index], target] as const)
const effectsOf = (target: LandingTarget): string[] => {
  if (target.kind === 'worktree') return effects
  return target.checkedOut ? [...effects, ...branchEffects] : ['objects', 'branch', 'clean']
}

test.each(cases)(
  'a landing into the %s that is killed before any effect is carried to its end',
  async (_, target) => {
    const { plan, opened } = await landingWorld(target)
    await performLanding(plan)
    const expected = contentOf(opened)
    for (const effect of effectsOf(target)) {
      await performUndo(await planUndo(plan))
      expect(killAt(plan, effect), effect).toBe(true)
      expect(await recoverLanding(stored(plan)), effect).toBe('landed')
      expect(contentOf(opened), effect).toEqual(expected)
      expect(leftovers(opened), effect).toEqual([])
    }
  },
  60_000,
)

test.each(cases)(
  'a landing into the %s that fails before any effect leaves everything as before',
  async (_, target) => {
    const { plan, opened } = await landingWorld(target)
    const before = contentOf(opened)
    for (const effect of effectsOf(target)) {
      const fault = (name: string): void => {
        if (name === effect) throw new Error(effect)
      }
      await expect(performLanding(plan, { fault })).rejects.toThrow(effect)
      expect(contentOf(opened), effect).toEqual(before)
      expect(leftovers(opened), effect).toEqual([])
    }
  },
  60_000,
)

test.each(cases)(
  'the undo of a landing into the %s that is killed before any effect is carried to its end',
  async (_, target) => {
    const { plan, opened } = await landingWorld(target)
    const before = contentOf(opened)
    for (const effect of effectsOf(target).filter((each) => each !== 'objects')) {
      await performLanding(plan)
      const undo = await planUndo(stored(plan))
      expect(killAt(undo, mirrored(effect)), mirrored(effect)).toBe(true)
      expect(await recoverUndo(stored(undo)), effect).toBe('landed')
      expect(contentOf(opened), effect).toEqual(before)
      expect(leftovers(opened), effect).toEqual([])
    }
  },
  60_000,
)

test.each(targets.slice(0, 2))(
  'what someone changed after the crash is kept, and the rest goes back (%j)',
  async (target) => {
    const { plan, opened } = await landingWorld(target)
    const before = contentOf(opened)
    expect(killAt(plan, 'place:turned/x')).toBe(true)
    writeFiles(opened.root, { a: 'mine\n' })
    expect(await recoverLanding(stored(plan))).toEqual({ foreign: ['a'] })
    const after = contentOf(opened)
    expect(after['a']).not.toBe(before['a'])
    expect({ ...after, a: '' }).toEqual({ ...before, a: '' })
    expect(readFileSync(join(opened.root, 'a'), 'utf8')).toBe('mine\n')
    expect(leftovers(opened)).toEqual([])
  },
)

test('another branch that moved after the crash is left where it is, and the commit is nowhere', async () => {
  const { plan, opened } = await landingWorld(elsewhere)
  expect(killAt(plan, 'branch')).toBe(true)
  const tree = gitIn(opened.root, ['rev-parse', 'side^{tree}']).trim()
  const moved = gitIn(opened.root, ['commit-tree', '-p', 'side', '-m', 'meanwhile', tree]).trim()
  gitIn(opened.root, ['update-ref', 'refs/heads/side', moved])
  expect(await recoverLanding(stored(plan))).toBe('restored')
  expect(gitIn(opened.root, ['log', '--format=%s', 'side'])).toBe('meanwhile\nfirst\n')
  expect(leftovers(opened)).toEqual([])
})

test('work committed on another branch after it was landed there and before that was noted stays', async () => {
  const { plan, opened } = await landingWorld(elsewhere)
  expect(killAt(plan, 'clean')).toBe(true)
  const moved = gitIn(opened.root, ['commit-tree', '-p', 'side', '-m', 'on top', 'side^{tree}']).trim()
  gitIn(opened.root, ['update-ref', 'refs/heads/side', moved])
  expect(await recoverLanding(stored(plan))).toBe('landed')
  expect(gitIn(opened.root, ['log', '--format=%s', 'side'])).toBe('on top\nTake it\nfirst\n')
})

test('recovering twice, or what never began, is landing once', async () => {
  const { plan, opened } = await landingWorld(currentBranch())
  expect(await recoverLanding(plan)).toBe('landed')
  const after = userFingerprint(opened.root)
  expect(await recoverLanding(plan)).toBe('landed')
  expect(userFingerprint(opened.root)).toEqual(after)
})

test('work committed on top of a broken-off landing is not taken back', async () => {
  const { plan, opened } = await landingWorld(currentBranch())
  expect(killAt(plan, 'index')).toBe(true)
  rmSync(join(opened.root, '.git/index.lock'))
  gitIn(opened.root, ['add', '--all', ':!*.kage*'])
  gitIn(opened.root, ['commit', '--quiet', '--allow-empty', '-m', 'on top'])
  expect(await recoverLanding(plan)).toBe('landed')
  expect(gitIn(opened.root, ['log', '--format=%s'])).toBe('on top\nTake it\nfirst\n')
})

test('a branch that moved on before the commit was made is left there, and the files go back', async () => {
  const { plan, opened } = await landingWorld(currentBranch())
  expect(killAt(plan, 'branch')).toBe(true)
  rmSync(join(opened.root, '.git/index.lock'))
  gitIn(opened.root, ['commit', '--quiet', '--allow-empty', '-m', 'meanwhile'])
  expect(await recoverLanding(plan)).toBe('restored')
  expect(gitIn(opened.root, ['status', '--porcelain'])).toBe('?? untracked\n')
  expect(leftovers(opened)).toEqual([])
})

test('staging after the crash neither stops the recovery nor is lost', async () => {
  const { plan, opened } = await landingWorld(currentBranch())
  expect(killAt(plan, 'index')).toBe(true)
  rmSync(join(opened.root, '.git/index.lock'))
  gitIn(opened.root, ['add', 'untracked'])
  expect(await recoverLanding(plan)).toBe('landed')
  expect(gitIn(opened.root, ['status', '--porcelain'])).toBe('A  untracked\n')
})

test('a lock of another git is not taken for ours', async () => {
  const { plan, opened } = await landingWorld(currentBranch())
  writeFileSync(join(opened.root, '.git/index.lock'), '')
  expect(await recoverLanding(plan)).toBe('restored')
  expect(leftovers(opened)).toEqual(['.git/index.lock'])
})

interface World {
  readonly opened: Opened
  readonly plan: LandingPlan
}

async function landingWorld(target: LandingTarget): Promise<World> {
  const files = { a: ten, 'gone/x': 'x\n', turned: 't\n', run: 'r\n', link: 'l\n', other: 'o\n' }
  const opened = await openBoth(makeRepository({ files }))
  chmodSync(join(opened.root, 'a'), 0o640)
  mkdirSync(join(opened.root, 'empty'))
  writeFiles(opened.root, { untracked: 'u\n' })
  gitIn(opened.root, ['branch', 'side'])
  if (target.kind === 'worktree') {
    writeFiles(opened.root, { a: ten.replace('1\n', 'mine\n'), other: 'staged\n' })
    gitIn(opened.root, ['add', 'other'])
  }
  const edits = [
    put('a', edited),
    put('n/new', 'n\n', '100755'),
    removed('gone/x'),
    removed('turned'),
    put('turned/x', 'i\n'),
    put('link', 'a', '120000'),
    put('run', 'r\n', '100755'),
    put('empty/inner', 'i\n'),
  ]
  return { opened, plan: await planOf(opened, { edits, target }) }
}

// Reflogs grow and times pass; of the index the entries count, of a branch its tree.
function contentOf({ root }: Opened): Record<string, string> {
  const all = Object.entries(userFingerprint(root)).filter(
    ([path]) => !/^\.git\/(logs|index$|refs\/heads\/)/.test(path),
  )
  const index = gitIn(root, ['ls-files', '--stage', '--debug']).replaceAll(
    /^ {2}(ctime|mtime|dev|uid|size).*\n/gm,
    '',
  )
  const tree = gitIn(root, ['log', '--format=%T %s'])
  const side = gitIn(root, ['log', '--format=%T %s', 'side'])
  return { ...Object.fromEntries(all), index, tree, side }
}

function leftovers({ root }: Opened): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.includes('.kage-') || name.includes('kage-u1') || name.endsWith('.lock'))
}

function stored(plan: LandingPlan): LandingPlan {
  return JSON.parse(JSON.stringify(plan)) as LandingPlan
}

// What a landing writes the undo removes, and the reverse.
function mirrored(effect: string): string {
  const mirror: Record<string, string> = {
    'write:n/new': 'write:gone/x',
    'write:turned/x': 'write:turned',
    'leave:gone': 'make:gone',
    'make:n': 'leave:n',
    'make:turned': 'leave:turned',
  }
  return mirror[effect] ?? effect
}
