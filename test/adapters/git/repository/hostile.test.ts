import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readBlobs } from '../../../../src/adapters/git/object/blob.ts'
import { byteSettings } from '../../../../src/adapters/git/repository/byte-settings.ts'
import { enumerateCandidates } from '../../../../src/adapters/git/diff/enumerate.ts'
import { repositoryFacts } from '../../../../src/adapters/git/repository/facts.ts'
import { alteredParts, fingerprint } from '../../../../src/adapters/git/repository/fingerprint.ts'
import { openOwn } from '../../../../src/adapters/git/repository/own.ts'
import { openRepository } from '../../../../src/adapters/git/repository/repository.ts'
import { mergeBases, resolveRevision } from '../../../../src/adapters/git/repository/revision.ts'
import { snapshot } from '../../../../src/adapters/git/worktree/snapshot.ts'
import { addWorktree, removeWorktree } from '../../../../src/adapters/git/worktree/worktree.ts'
import { listWorktrees } from '../../../../src/adapters/git/worktree/worktree-list.ts'
import { commitAll, gitIn, headOf, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import {
  layPromisorTraps,
  layTraps,
  layWorktreeTraps,
  loseBlob,
} from '../../../support/hostile-configuration.ts'
import { temporaryDirectory } from '../../../support/temporary.ts'

// A filter that does not speak the protocol ends git itself.
const withoutLong = ['-c', 'filter.long.required=false', '-c', 'filter.long.process=']

test('traps in a repository are real: plain git springs them', () => {
  const root = makeRepository()
  const traps = layTraps(root)
  layWorktreeTraps(root)
  // Git runs a filter where the content is read, and reads none of a file that looks unchanged.
  writeFiles(root, { 'a.txt': 'edited\n' })
  gitIn(root, [...withoutLong, 'add', '--all'])
  gitIn(root, [...withoutLong, 'diff', 'HEAD'])
  gitIn(root, ['branch', 'x'])
  expect(traps.sprung()).toEqual(
    expect.arrayContaining(['clean', 'diff-command', 'fsmonitor', 'included-clean', 'reference-transaction']),
  )
})

test('no command springs a trap in the shared git directory, in a worktree or in a nested repository', async () => {
  const root = makeRepository({
    files: {
      'a.txt': 'a\n',
      'b.long': 'b\n',
      'c.inc': 'c\n',
      '.gitattributes': '*.txt filter=trap\n*.long filter=long\n',
    },
  })
  makeRepository({ at: join(root, 'nested') })
  commitAll(root, 'nested')
  gitIn(root, ['branch', 'other'])
  const traps = layTraps(root)
  const data = temporaryDirectory()
  const repository = await openRepository(root)
  const facts = await repositoryFacts(repository, { prefix: 'kage', base: 'other' })
  const base = facts.base ?? ''
  const own = await openOwn(repository, join(data, 'own'))
  const settings = await byteSettings(repository)
  const workTree = join(data, 'worktrees', 'coder')
  const gitDir = await addWorktree(repository, { path: workTree, branch: 'kage/r1-coder', base })
  expect(readFileSync(join(workTree, 'a.txt'), 'utf8')).toBe('a\n')
  expect(traps.sprung()).toEqual([])

  layWorktreeTraps(workTree)
  gitIn(workTree, ['clone', '-q', join(root, 'nested'), join(workTree, 'nested')])
  layTrapsNested(workTree, traps)
  writeFiles(workTree, { 'a.txt': 'edited\n', 'nested/a.txt': 'two\none\nthree\n' })
  const request = { workTree, gitDir, base, settings, name: 'r1/coder' }
  const taken = await snapshot(own, request)
  commitAllQuietly(workTree, traps)
  await snapshot(own, request)
  const [candidate] = await enumerateCandidates(own, base, [{ agent: 'coder', tree: taken.tree }])
  expect(candidate?.changes.map(({ path }) => path)).toEqual(['.gitattributes'])
  expect(taken.filtered).toEqual(['a.txt', 'file.inc', 'file.long'])
  await readBlobs(
    own,
    candidate?.changes.flatMap(({ entry }) => (entry?.mode === '100644' ? [entry.oid] : [])) ?? [],
  )
  expect(traps.sprung()).toEqual([])

  await resolveRevision(repository, 'HEAD~0')
  await mergeBases(repository, [base, base])
  await fingerprint(repository, [workTree])
  await listWorktrees(repository)
  await removeWorktree(repository, workTree, join(data, 'worktrees'))
  expect(traps.sprung()).toEqual([])
})

test('a worktree that answers to another .git file is still read by its own record', async () => {
  const root = makeRepository()
  const elsewhere = makeRepository({ files: { evil: 'e\n' } })
  const traps = layTraps(elsewhere)
  const data = temporaryDirectory()
  const repository = await openRepository(root)
  const own = await openOwn(repository, join(data, 'own'))
  const base = headOf(root)
  const workTree = join(data, 'w', 'coder')
  const gitDir = await addWorktree(repository, { path: workTree, branch: 'kage/r1-coder', base })
  const before = await fingerprint(repository, [workTree])
  writeFileSync(join(workTree, '.git'), `gitdir: ${elsewhere}/.git\n`)
  const taken = await snapshot(own, {
    workTree,
    gitDir,
    base,
    settings: await byteSettings(repository),
    name: 'x',
  })
  expect(taken.changed.files).toBe(0)
  expect(traps.sprung()).toEqual([])
  expect(alteredParts(before, await fingerprint(repository, [workTree]))).toContain(join(workTree, '.git'))
  await removeWorktree(repository, workTree, join(data, 'w'))
  expect(existsSync(workTree)).toBe(false)
  expect(traps.sprung()).toEqual([])
  expect(gitIn(elsewhere, ['ls-files']).trim()).toBe('evil')
})

test('what a partial clone lacks is fetched by no command, whatever its remote and protocols say', async () => {
  for (const url of [undefined, makeRepository(), 'ssh://host/x']) {
    const marks = temporaryDirectory()
    const root = makeRepository()
    layPromisorTraps(root, marks, url)
    loseBlob(root, 'a.txt')
    const repository = await openRepository(root)
    const request = {
      path: join(temporaryDirectory(), 'w', 'coder'),
      branch: 'kage/r1/coder',
      base: headOf(root),
    }
    await expect(addWorktree(repository, request)).rejects.toMatchObject({ code: 'KAGE_PARTIAL_CLONE' })
    const own = await openOwn(repository, join(temporaryDirectory(), 'own'))
    const blob = gitIn(root, ['rev-parse', 'HEAD:a.txt']).trim()
    await expect(readBlobs(own, [blob])).rejects.toThrow()
    expect(readdirSync(marks).filter((name) => name.startsWith('SPRUNG'))).toEqual([])
  }
})

test('a planted core.worktree is refused', async () => {
  const root = makeRepository()
  const other = temporaryDirectory()
  gitIn(root, ['config', 'core.worktree', other])
  mkdirSync(join(root, 'inner'))
  await expect(openRepository(other)).rejects.toMatchObject({ code: 'KAGE_NOT_A_REPOSITORY' })
  await expect(openRepository(root)).rejects.toThrow()
})

test('a worktree directory that became a link is left alone', async () => {
  const root = makeRepository()
  const precious = temporaryDirectory()
  writeFiles(precious, { thesis: 'years\n' })
  const data = temporaryDirectory()
  const repository = await openRepository(root)
  const workTree = join(data, 'coder')
  await addWorktree(repository, { path: workTree, branch: 'kage/r1-coder', base: headOf(root) })
  execFileSync('cp', [join(workTree, '.git'), join(precious, '.git')])
  rmSync(workTree, { recursive: true })
  symlinkSync(precious, workTree)
  await expect(removeWorktree(repository, workTree, data)).rejects.toMatchObject({
    code: 'KAGE_WORKTREE_MISSING',
  })
  expect(readFileSync(join(precious, 'thesis'), 'utf8')).toBe('years\n')
})

function layTrapsNested(workTree: string, traps: { sprung: () => string[] }): void {
  for (const key of ['core.fsmonitor', 'filter.trap.clean']) {
    gitIn(join(workTree, 'nested'), ['config', key, gitIn(workTree, ['config', key]).trim()])
  }
  writeFiles(workTree, { 'nested/.git/info/attributes': '* filter=trap\n' })
  traps.sprung()
}

// The agent's own git may spring what it likes: only ours must not.
function commitAllQuietly(workTree: string, traps: { sprung: () => string[] }): void {
  expect(traps.sprung()).toEqual([])
  const quiet = [
    ...withoutLong,
    '-c',
    'commit.gpgSign=false',
    '-c',
    'core.hooksPath=/dev/null',
    '-c',
    'core.fsmonitor=false',
  ]
  gitIn(workTree, [...quiet, 'add', '--all'])
  gitIn(workTree, [...quiet, 'commit', '-q', '-m', 'agent'])
  traps.sprung()
}
