import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { LandingTarget } from '../../../../src/adapters/git/landing/landing-plan.ts'
import { performLanding } from '../../../../src/adapters/git/landing/perform.ts'
import { openRepository } from '../../../../src/adapters/git/repository/repository.ts'
import { performUndo, planUndo } from '../../../../src/adapters/git/landing/undo.ts'
import { commitAll, gitIn, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { currentBranch, outcomeOf, planOf, put, removed } from '../../../support/landing.ts'
import { openBoth } from '../../../support/own-repository.ts'
import type { Opened } from '../../../support/own-repository.ts'
import { temporaryDirectory } from '../../../support/temporary.ts'
import { userFingerprint } from '../../../support/user-fingerprint.ts'

const ten = Array.from({ length: 10 }, (_, index) => `${index + 1}\n`).join('')
const [mine, theirs] = [ten.replace('2\n', 'mine\n'), ten.replace('9\n', 'theirs\n')]
const both = mine.replace('9\n', 'theirs\n')
const files = { 'in/a': ten, 'in/gone': 'gone\n', 'out/b': ten }

type Kind = readonly [name: string, make: () => string]

const kinds: readonly Kind[] = [
  ['a shallow clone', () => cloned('--depth=1')],
  ['a partial clone', () => cloned('--filter=blob:none')],
  ['a sparse checkout', () => sparse(makeRepository({ files }))],
  ['a sparse partial clone', () => sparse(cloned('--filter=blob:none'))],
  ['a sha256 repository', () => makeRepository({ files, objectFormat: 'sha256' })],
  ['one worktree of several', () => linked(makeRepository({ files }))],
  ['a repository whose names fold case', () => configured('core.ignorecase', 'true')],
  ['an index of version 4', () => configured('index.version', '4')],
  ['a worktree with settings of its own', () => configured('extensions.worktreeConfig', 'true')],
]

test.each(kinds)('%s takes landings of every kind and their undo', async (_, make) => {
  const root = make()
  gitIn(root, ['branch', 'elsewhere'])
  writeFiles(root, { 'in/a': mine })
  const opened = await openBoth(root)
  const edits = [
    put('in/a', theirs),
    put('in/new', 'n\n', '100755'),
    removed('in/gone'),
    put('out/b', theirs),
  ]
  await thereAndBack(opened, edits, { kind: 'worktree' }, () => {
    expect(contentsIn(root)).toEqual({ 'in/a': both, 'in/new': 'n\n', 'out/b': theirs })
  })
  gitIn(root, ['checkout', '--quiet', '--', 'in/a'])
  const current = gitIn(root, ['symbolic-ref', 'HEAD']).trim()
  await thereAndBack(opened, edits, currentBranch({ ref: current }), () => {
    expect(gitIn(root, ['status', '--porcelain'])).toBe('')
    expect(gitIn(root, ['show', 'HEAD:out/b'])).toBe(theirs)
  })
  const elsewhere = { ...currentBranch({ ref: 'elsewhere' }), checkedOut: false } as LandingTarget
  await thereAndBack(opened, edits, elsewhere, () => {
    expect(gitIn(root, ['ls-tree', '-r', '--name-only', 'elsewhere'])).toBe('in/a\nin/new\nout/b\n')
    expect(gitIn(root, ['status', '--porcelain'])).toBe('')
  })
})

test('a partial clone that lacks what a merge needs refuses, fetches nothing and changes nothing', async () => {
  const source = makeRepository({ files })
  gitIn(source, ['config', 'uploadpack.allowFilter', 'true'])
  gitIn(source, ['checkout', '--quiet', '-b', 'far'])
  writeFiles(source, { 'in/a': mine })
  commitAll(source, 'far')
  gitIn(source, ['checkout', '--quiet', 'main'])
  const root = clone(source, '--filter=blob:none')
  gitIn(root, ['branch', 'far', 'origin/far'])
  const opened = await openBoth(root)
  const before = userFingerprint(root)
  const far = { ...currentBranch({ ref: 'far' }), checkedOut: false } as LandingTarget
  await expect(outcomeOf(opened, { edits: [put('in/a', theirs)], target: far })).rejects.toMatchObject({
    code: 'KAGE_GIT_FAILED',
  })
  expect(userFingerprint(root)).toEqual(before)
  const missing = gitIn(root, ['rev-list', '--objects', '--missing=print', 'far'])
  expect(missing).toMatch(/^\?/m)
})

test('a repository with reftable works where git knows it, and is refused with the reason where not', async () => {
  const root = join(temporaryDirectory(), 'reftable')
  if (knowsReftable(root)) {
    gitIn(root, ['init', '--quiet', '--ref-format=reftable', '--initial-branch=main', root])
    writeFiles(root, files)
    commitAll(root, 'first')
    const opened = await openBoth(root)
    await performLanding(await planOf(opened, { edits: [put('in/a', theirs)], target: currentBranch() }))
    expect(gitIn(root, ['show', 'HEAD:in/a'])).toBe(theirs)
    return
  }
  makeRepository({ at: root, files })
  gitIn(root, ['config', 'core.repositoryFormatVersion', '1'])
  gitIn(root, ['config', 'extensions.refStorage', 'reftable'])
  await expect(openRepository(root)).rejects.toMatchObject({
    code: 'KAGE_NOT_A_REPOSITORY',
    message: expect.stringContaining('refstorage'),
  })
})

/** Lands edits, looks, and takes them back: all of the person's is as before, but logs, which grow. */
async function thereAndBack(
  opened: Opened,
  edits: Parameters<typeof planOf>[1]['edits'],
  target: LandingTarget,
  look: () => void,
): Promise<void> {
  const before = withoutLogs(opened.root)
  const plan = await planOf(opened, { edits, target })
  await performLanding(plan)
  look()
  await performUndo(await planUndo(plan))
  expect(withoutLogs(opened.root)).toEqual(before)
}

function withoutLogs(root: string): Record<string, string> {
  const all = Object.entries(userFingerprint(root)).filter(([path]) => !/^\.git\/(logs\/|index$)/.test(path))
  return { ...Object.fromEntries(all), index: gitIn(root, ['ls-files', '--stage', '-v']) }
}

function contentsIn(root: string): Record<string, string> {
  const paths = gitIn(root, ['ls-files', '--cached', '--others', '-z']).split('\0').filter(Boolean)
  const there = paths.filter((path) => existsSync(join(root, path)))
  return Object.fromEntries(there.map((path) => [path, readFileSync(join(root, path), 'latin1')]))
}

function cloned(option: string): string {
  const source = makeRepository({ files: { 'in/a': 'old\n' } })
  gitIn(source, ['config', 'uploadpack.allowFilter', 'true'])
  writeFiles(source, files)
  commitAll(source, 'second')
  return clone(source, option)
}

function clone(source: string, option: string): string {
  const root = join(temporaryDirectory(), 'clone')
  gitIn(source, ['clone', '--quiet', option, `file://${source}`, root])
  for (const [key, value] of [
    ['user.name', 'Test Person'],
    ['user.email', 'person@example.test'],
  ])
    gitIn(root, ['config', key ?? '', value ?? ''])
  return root
}

function sparse(root: string): string {
  gitIn(root, ['sparse-checkout', 'set', 'in'])
  return root
}

function linked(root: string): string {
  for (const name of ['one', 'two'])
    gitIn(root, ['worktree', 'add', '--quiet', '-b', name, `${root}-${name}`])
  return `${root}-two`
}

function configured(key: string, value: string): string {
  const root = makeRepository({ files })
  gitIn(root, ['config', key, value])
  return root
}

function knowsReftable(root: string): boolean {
  try {
    gitIn(temporaryDirectory(), ['init', '--quiet', '--ref-format=reftable', root])
    rmSync(root, { recursive: true })
    return true
  } catch {
    return false
  }
}
