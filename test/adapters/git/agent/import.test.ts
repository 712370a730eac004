import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importCommits } from '../../../../src/adapters/git/agent/import.ts'
import { readAgentRefs } from '../../../../src/adapters/git/agent/read-refs.ts'
import { type AgentWorktree, makeAgentWorktree } from '../../../support/agent-worktree.ts'
import { commitAll, gitIn, headOf, makeRepository, writeFiles } from '../../../support/git-repository.ts'

test('commits of an agent are imported with what they need and nothing else', async () => {
  const agent = await makeAgentWorktree(makeRepository())
  writeFiles(agent.workTree, { 'a.txt': 'mine\n', 'new/x': 'x\n' })
  const first = commitAll(agent.workTree, 'first')
  gitIn(agent.workTree, ['gc', '-q'])
  writeFiles(agent.workTree, { 'new/x': 'y\n' })
  const second = commitAll(agent.workTree, 'second')
  const junk = gitIn(agent.workTree, ['hash-object', '-w', '--stdin'], 'never committed\n').trim()
  const release = await importTips(agent, [second])
  // No ref names the commits yet: the person’s own gc leaves them alone until one does.
  gitIn(agent.root, ['gc', '-q', '--prune=now'])
  expect(gitIn(agent.root, ['rev-list', `${agent.base}..${second}`])).toBe(`${second}\n${first}\n`)
  expect(gitIn(agent.root, ['cat-file', 'blob', `${second}:new/x`])).toBe('y\n')
  expect(gitIn(agent.root, ['fsck', '--strict', '--connectivity-only', second])).toBe('')
  expect(() => gitIn(agent.root, ['cat-file', '-e', junk])).toThrow()
  expect(existsSync(join(agent.data, 'import'))).toBe(false)
  await release()
  gitIn(agent.root, ['gc', '-q', '--prune=now'])
  expect(() => gitIn(agent.root, ['cat-file', '-e', second])).toThrow()
})

test('sha256 commits and many objects at once are imported', async () => {
  const agent = await makeAgentWorktree(makeRepository({ objectFormat: 'sha256' }))
  const files = Array.from({ length: 150 }, (_, index) => [`f/${index}`, `${index}\n`] as const)
  writeFiles(agent.workTree, Object.fromEntries(files))
  const tip = commitAll(agent.workTree, 'many')
  await importTips(agent, [tip])
  expect(gitIn(agent.root, ['ls-tree', '-r', '--name-only', tip]).trim().split('\n')).toHaveLength(152)
})

const attacks: Readonly<Record<string, (agent: AgentWorktree) => string>> = {
  'alternates that lead to another repository': (agent) => {
    const other = makeRepository({ files: { secret: 'theirs\n' } })
    writeFileSync(join(agent.gitDir, 'objects/info/alternates'), `${other}/.git/objects\n`)
    return headOf(other)
  },
  'a link to the objects of another repository': (agent) => {
    const other = makeRepository({ files: { secret: 'theirs\n' } })
    rmSync(join(agent.gitDir, 'objects'), { recursive: true })
    symlinkSync(join(other, '.git/objects'), join(agent.gitDir, 'objects'))
    return headOf(other)
  },
  'links to single directories of objects': (agent) => {
    const other = makeRepository({ files: { secret: 'theirs\n' } })
    for (const name of readdirSync(join(other, '.git/objects')).filter((each) => /^[0-9a-f]{2}$/.test(each)))
      if (!existsSync(join(agent.gitDir, 'objects', name)))
        symlinkSync(join(other, '.git/objects', name), join(agent.gitDir, 'objects', name))
    return headOf(other)
  },
  'links to single objects': (agent) => {
    const other = makeRepository({ files: { secret: 'theirs\n' } })
    for (const name of readdirSync(join(other, '.git/objects')).filter((each) => /^[0-9a-f]{2}$/.test(each)))
      for (const file of readdirSync(join(other, '.git/objects', name))) {
        execFileSync('mkdir', ['-p', join(agent.gitDir, 'objects', name)])
        symlinkSync(join(other, '.git/objects', name, file), join(agent.gitDir, 'objects', name, file))
      }
    return headOf(other)
  },
  'a tree with an entry .git': (agent) => commitOfTree(agent, `100644 blob ${blobOf(agent)}\t.git\n`),
  'a tree with an entry ..': (agent) => {
    const raw = Buffer.concat([Buffer.from('100644 ..\0'), Buffer.from(blobOf(agent), 'hex')])
    const tree = gitIn(
      agent.workTree,
      ['hash-object', '-w', '--literally', '-t', 'tree', '--stdin'],
      raw,
    ).trim()
    return commitOf(agent, tree)
  },
  'a parent that is missing': (agent) => {
    const tree = gitIn(agent.workTree, ['rev-parse', 'HEAD^{tree}']).trim()
    const text = `tree ${tree}\nparent ${'1'.repeat(40)}\nauthor a <a@b> 0 +0000\ncommitter a <a@b> 0 +0000\n\nx\n`
    return gitIn(agent.workTree, ['hash-object', '-w', '--literally', '-t', 'commit', '--stdin'], text).trim()
  },
  'a blob that is missing': (agent) => {
    writeFiles(agent.workTree, { lost: 'soon lost\n' })
    const tip = commitAll(agent.workTree, 'x')
    const blob = gitIn(agent.workTree, ['rev-parse', 'HEAD:lost']).trim()
    rmSync(join(agent.gitDir, 'objects', blob.slice(0, 2), blob.slice(2)))
    return tip
  },
  'an object under another name': (agent) => {
    writeFiles(agent.workTree, { one: 'one\n', two: 'two\n' })
    const tip = commitAll(agent.workTree, 'x')
    const [one = '', two = ''] = ['HEAD:one', 'HEAD:two'].map((name) =>
      gitIn(agent.workTree, ['rev-parse', name]).trim(),
    )
    const path = (oid: string): string => join(agent.gitDir, 'objects', oid.slice(0, 2), oid.slice(2))
    rmSync(path(one))
    renameSync(path(two), path(one))
    return tip
  },
  'a tip that is a blob': (agent) => blobOf(agent),
  'a tip that is not there': () => '1'.repeat(40),
}

test.each(Object.entries(attacks))('%s is refused, and nothing is added', async (_, attack) => {
  const agent = await makeAgentWorktree(makeRepository())
  const tip = attack(agent)
  const before = objectsOf(agent.root)
  await expect(importTips(agent, [tip])).rejects.toMatchObject({ code: 'KAGE_IMPORT_REFUSED' })
  expect(objectsOf(agent.root)).toEqual(before)
  expect(existsSync(join(agent.data, 'import'))).toBe(false)
})

test('a store larger than the limit is refused without being read', async () => {
  const agent = await makeAgentWorktree(makeRepository())
  writeFiles(agent.workTree, { 'a.txt': 'mine\n' })
  const tip = commitAll(agent.workTree, 'x')
  const sparse = join(agent.gitDir, 'objects/pack', `pack-${'a'.repeat(40)}.pack`)
  execFileSync('mkdir', ['-p', join(agent.gitDir, 'objects/pack')])
  execFileSync('truncate', ['-s', '4G', sparse])
  await expect(importTips(agent, [tip])).rejects.toMatchObject({ code: 'KAGE_IMPORT_REFUSED' })
})

test('refs are read from loose and packed files, the stash from its log, links are no refs', async () => {
  const agent = await makeAgentWorktree(makeRepository())
  gitIn(agent.workTree, ['branch', 'one'])
  gitIn(agent.workTree, ['pack-refs', '--all'])
  writeFiles(agent.workTree, { 'a.txt': '1\n' })
  gitIn(agent.workTree, ['stash'])
  const older = gitIn(agent.workTree, ['rev-parse', 'stash']).trim()
  writeFiles(agent.workTree, { 'a.txt': '2\n' })
  gitIn(agent.workTree, ['stash'])
  const newer = gitIn(agent.workTree, ['rev-parse', 'stash']).trim()
  symlinkSync(join(agent.root, '.git/refs/heads/main'), join(agent.gitDir, 'refs/heads/linked'))
  const refs = await readAgentRefs(agent.gitDir)
  expect(refs).toMatchObject({ head: agent.base, branch: 'refs/heads/kage/r1/ada', stash: [older, newer] })
  expect(refs?.refs.get('refs/heads/one')).toBe(agent.base)
  expect(refs?.refs.has('refs/heads/linked')).toBe(false)
})

function importTips(
  { repository, gitDir, base, data }: AgentWorktree,
  tips: string[],
): Promise<() => Promise<void>> {
  const quarantine = join(data, 'import')
  return importCommits({ repository, gitDir, tips, held: [base], quarantine })
}

function blobOf({ workTree }: AgentWorktree): string {
  return gitIn(workTree, ['hash-object', '-w', '--stdin'], 'blob\n').trim()
}

function commitOf({ workTree }: AgentWorktree, tree: string): string {
  return gitIn(workTree, ['commit-tree', '-m', 'x', '-p', 'HEAD', tree]).trim()
}

function commitOfTree(agent: AgentWorktree, entries: string): string {
  const [, oid = '', name = ''] = /blob ([0-9a-f]+)\t(.*)\n/.exec(entries) ?? []
  const raw = Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(oid, 'hex')])
  const args = ['hash-object', '-w', '--literally', '-t', 'tree', '--stdin']
  return commitOf(agent, gitIn(agent.workTree, args, raw).trim())
}

function objectsOf(root: string): string[] {
  return gitIn(root, ['cat-file', '--batch-all-objects', '--batch-check']).split('\n').toSorted()
}
