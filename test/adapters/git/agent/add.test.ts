import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { givenRefs } from '../../../../src/adapters/git/agent/refs.ts'
import { commitAll, gitIn, headOf, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { makeAgentWorktree } from '../../../support/agent-worktree.ts'
import { temporaryDirectory } from '../../../support/temporary.ts'
import { userFingerprint } from '../../../support/user-fingerprint.ts'

test('an agent has HEAD, index, stash, refs and configuration of its own', async () => {
  const root = makeRepository()
  gitIn(root, ['tag', 'v1'])
  gitIn(root, ['tag', '-a', '-m', 'two', 'v2'])
  const before = userFingerprint(root)
  const { workTree, gitDir } = await makeAgentWorktree(root)
  expect(readFileSync(join(workTree, '.git'), 'utf8')).toBe(`gitdir: ${gitDir}\n`)
  expect(gitIn(workTree, ['status', '--porcelain', '--branch'])).toBe('## kage/r1/ada\n')
  expect(gitIn(workTree, ['for-each-ref', '--format=%(refname)']).trim().split('\n')).toEqual([
    'refs/heads/kage/r1/ada',
    'refs/heads/main',
    'refs/tags/v1',
    'refs/tags/v2',
  ])
  writeFiles(workTree, { 'a.txt': 'stashed\n' })
  gitIn(workTree, ['stash'])
  writeFiles(workTree, { 'a.txt': 'mine\n' })
  gitIn(workTree, ['commit', '-qam', 'mine'])
  gitIn(workTree, ['commit', '-q', '--amend', '-m', 'amended'])
  gitIn(workTree, ['branch', '-D', 'main'])
  gitIn(workTree, ['tag', '-d', 'v1'])
  gitIn(workTree, ['update-ref', 'refs/heads/other', 'HEAD'])
  gitIn(workTree, ['config', 'core.fsmonitor', 'touch /tmp/never'])
  gitIn(workTree, ['-c', 'core.fsmonitor=false', 'gc', '-q', '--prune=now'])
  gitIn(workTree, [
    '-c',
    'core.fsmonitor=false',
    'worktree',
    'add',
    '-q',
    join(temporaryDirectory(), 'second'),
  ])
  gitIn(root, ['update-ref', '-d', 'refs/heads/kage/r1/ada'])
  rmSync(join(root, '.git/refs/heads/kage'), { recursive: true, force: true })
  rmSync(join(root, '.git/logs/refs/heads/kage'), { recursive: true, force: true })
  expect(userFingerprint(root)).toEqual(before)
  expect(gitIn(workTree, ['-c', 'core.fsmonitor=false', 'fsck', '--strict'])).not.toContain('missing')
})

test('a push by path into the repository of the person goes nowhere', async () => {
  const root = makeRepository()
  const mirror = `${root}-mirror`
  gitIn(root, ['clone', '-q', '--bare', root, mirror])
  gitIn(root, ['remote', 'add', 'origin', mirror])
  const { workTree } = await makeAgentWorktree(root)
  for (const path of [root, join(root, '.git'), `file://${root}`])
    expect(() => gitIn(workTree, ['push', '-q', path, 'HEAD:refs/heads/pushed'])).toThrow()
  expect(gitIn(root, ['branch', '--list', 'pushed'])).toBe('')
  gitIn(workTree, ['push', '-q', 'origin', 'HEAD:refs/heads/pushed'])
  expect(gitIn(mirror, ['branch', '--list', 'pushed']).trim()).toBe('pushed')
})

test('the configuration keeps remotes and identity and drops every program', async () => {
  const root = makeRepository()
  for (const [key, value] of [
    ['remote.origin.url', '../sibling.git'],
    ['remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*'],
    ['remote.evil.url', 'ext::sh -c "touch /tmp/x"'],
    ['remote.evil.uploadpack', 'evil'],
    ['branch.main.remote', 'origin'],
    ['core.autocrlf', 'input'],
    ['core.sshCommand', 'evil'],
    ['core.fsmonitor', 'evil'],
    ['filter.x.clean', 'evil'],
    ['merge.x.driver', 'evil'],
    ['diff.x.textconv', 'evil'],
    ['alias.st', '!evil'],
    ['credential.helper', '!evil'],
    ['user.signingkey', 'evil'],
    ['submodule.x.update', '!evil'],
    ['include.path', 'evil'],
    ['url.a"b\\c.insteadof', 'x "y" \\z'],
  ] as const)
    gitIn(root, ['config', key, value])
  const { gitDir, workTree } = await makeAgentWorktree(root)
  const text = readFileSync(join(gitDir, 'config'), 'utf8')
  expect(text).not.toContain('evil')
  const value = (key: string): string => gitIn(workTree, ['config', '--get', key]).trim()
  expect(value('remote.origin.url')).toBe(join(root, '../sibling.git'))
  expect(value('core.autocrlf')).toBe('input')
  expect(value('user.name')).toBe('Test Person')
  expect(value('core.hooksPath')).toBe(join(root, '.git/hooks'))
  expect(value('lfs.storage')).toBe(join(root, '.git/lfs'))
  expect(value('core.worktree')).toBe(workTree)
  expect(value('url.a"b\\c.insteadof')).toBe('x "y" \\z')
})

test('hooks of the person run for commits of an agent, also from an untracked relative directory', async () => {
  const root = makeRepository()
  const marker = join(temporaryDirectory(), 'ran')
  mkdirSync(join(root, '.husky/_'), { recursive: true })
  writeFileSync(join(root, '.husky/_/pre-commit'), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 })
  gitIn(root, ['config', 'core.hooksPath', '.husky/_'])
  const { workTree } = await makeAgentWorktree(root)
  gitIn(workTree, ['commit', '-q', '--allow-empty', '-m', 'x'])
  expect(existsSync(marker)).toBe(true)
})

test('the current branch, its upstream, the default branch and tags are given, with "all" the rest', async () => {
  const source = makeRepository()
  gitIn(source, ['branch', 'topic'])
  gitIn(source, ['branch', 'far'])
  const root = join(temporaryDirectory(), 'clone')
  gitIn(source, ['clone', '-q', source, root])
  gitIn(root, ['switch', '-q', '-c', 'topic', '--track', 'origin/topic'])
  gitIn(root, ['branch', 'private'])
  gitIn(root, ['branch', 'kage/r0/old'])
  const tree = gitIn(root, ['rev-parse', 'HEAD^{tree}']).trim()
  gitIn(root, ['tag', 'of-a-tree', tree])
  const names = (workTree: string): string[] =>
    gitIn(workTree, ['for-each-ref', '--format=%(refname)']).trim().split('\n')
  const some = [
    'heads/kage/r1/ada',
    'heads/main',
    'heads/topic',
    'remotes/origin/HEAD',
    'remotes/origin/main',
  ]
  const first = await makeAgentWorktree(root)
  expect(names(first.workTree)).toEqual([...some, 'remotes/origin/topic'].map((name) => `refs/${name}`))
  gitIn(root, ['branch', '-D', 'kage/r1/ada'])
  const second = await makeAgentWorktree(root, 'all')
  expect(names(second.workTree)).toEqual(
    [
      ...some.slice(0, 2),
      'heads/private',
      ...some.slice(2, 3),
      'remotes/origin/HEAD',
      'remotes/origin/far',
      'remotes/origin/main',
      'remotes/origin/topic',
    ].map((name) => `refs/${name}`),
  )
})

test('shallow, partial, sparse and sha256 repositories give worktrees like their own', async () => {
  const source = makeRepository()
  commitAll(source, 'second')
  gitIn(source, ['config', 'uploadpack.allowFilter', 'true'])
  const place = temporaryDirectory()
  gitIn(source, ['clone', '-q', '--depth=1', `file://${source}`, join(place, 'shallow')])
  gitIn(source, ['clone', '-q', '--filter=blob:none', `file://${source}`, join(place, 'partial')])
  gitIn(source, ['clone', '-q', source, join(place, 'sparse')])
  gitIn(join(place, 'sparse'), ['sparse-checkout', 'set', 'src'])
  const sha256 = makeRepository({ objectFormat: 'sha256' })
  for (const root of [join(place, 'shallow'), join(place, 'partial'), join(place, 'sparse'), sha256]) {
    const { workTree, capture } = await makeAgentWorktree(root)
    expect(gitIn(workTree, ['status', '--porcelain'])).toBe('')
    expect(gitIn(workTree, ['log', '--format=%H'])).toBe(gitIn(root, ['log', '--format=%H']))
    expect((await capture()).changed.files).toBe(0)
    execFileSync('sh', ['-c', 'echo more >> src/b.txt'], { cwd: workTree })
    commitAll(workTree, 'work')
    expect((await capture()).tree).toBe(gitIn(workTree, ['rev-parse', 'HEAD^{tree}']).trim())
    expect(gitIn(workTree, ['fsck'])).not.toContain('missing')
  }
})

test('a failure in the middle leaves no worktree and no git directory, and a second attempt succeeds', async () => {
  const root = makeRepository()
  writeFiles(root, { broken: 'soon\n' })
  commitAll(root, 'broken')
  const blob = gitIn(root, ['rev-parse', 'HEAD:broken']).trim()
  const path = join(root, '.git/objects', blob.slice(0, 2), blob.slice(2))
  const bytes = readFileSync(path)
  rmSync(path)
  await expect(makeAgentWorktree(root)).rejects.toMatchObject({ code: 'KAGE_GIT_FAILED' })
  writeFileSync(path, bytes)
  const { workTree } = await makeAgentWorktree(root)
  expect(headOf(workTree)).toBe(headOf(root))
})

test('many tags, also annotated ones, are given and held by the commits that contain them all', async () => {
  const root = makeRepository()
  const who = 'person <person@example.test>'
  const stream = Array.from({ length: 120 }, (_, number) => {
    const commit = `commit refs/heads/side\ncommitter ${who} ${number} +0000\ndata 0\n`
    const light = `reset refs/tags/light-${number}\nfrom refs/heads/side\n\n`
    const tag = `tag noted-${number}\nfrom refs/heads/side\ntagger ${who} ${number} +0000\ndata 0\n`
    return commit + (number % 10 === 0 ? tag : light)
  })
  gitIn(root, ['fast-import', '--quiet'], stream.join(''))
  const { workTree, repository, base } = await makeAgentWorktree(root)
  expect(gitIn(workTree, ['for-each-ref', 'refs/tags'])).toBe(gitIn(root, ['for-each-ref', 'refs/tags']))
  expect(gitIn(workTree, ['rev-parse', 'noted-0^{commit}'])).toBe(
    gitIn(root, ['rev-parse', 'noted-0^{commit}']),
  )
  const { tips } = await givenRefs(repository, { base, prefix: 'kage', refs: 'some' })
  expect(tips).toEqual([gitIn(root, ['rev-parse', 'side']).trim()])
  gitIn(workTree, ['tag', '-d', 'light-1'])
  gitIn(workTree, ['tag', 'light-1', 'HEAD'])
  expect(gitIn(workTree, ['fsck'])).toBe('')
})
