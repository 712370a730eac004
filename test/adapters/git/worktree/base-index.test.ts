import { execFileSync } from 'node:child_process'
import { copyFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type AgentWorktree, makeAgentWorktree } from '../../../support/agent-worktree.ts'
import { gitIn, makeRepository } from '../../../support/git-repository.ts'
import { temporaryDirectory } from '../../../support/temporary.ts'

const files = {
  'a.txt': 'one\ntwo\n',
  'src/b.txt': 'b\n',
  'src/c.txt': 'c\n',
  'kept.log': 'tracked though ignored\n',
  '.gitignore': '*.log\n/build/\n',
}

/** What an agent does in its worktree; the capture afterwards is what plain `git add --all` makes of it. */
const cases: Readonly<Record<string, string>> = {
  'changed, new, removed and executable files':
    'echo x >> a.txt; echo n > new; rm src/b.txt; chmod +x src/c.txt',
  'a file that became a directory and back':
    'rm a.txt; mkdir a.txt; echo x > a.txt/x; rm -r src; echo f > src',
  'an ignored file that was added by force':
    'mkdir build; echo x > build/out; git add -f build/out; echo y > build/no',
  'a tracked file that is ignored now and not tracked any more': 'git rm -q --cached kept.log',
  'a tracked file that is not tracked any more': 'git rm -q --cached a.txt',
  'an intent to add, also of an ignored file':
    'echo x > new; echo y > new.log; git add -N new; git add -fN new.log',
  'files that are assumed unchanged': 'git update-index --assume-unchanged a.txt; echo x >> a.txt',
  'files outside of a sparse checkout': 'git sparse-checkout set --no-cone src; echo x >> src/b.txt',
  'a sparse index': 'git sparse-checkout set --sparse-index src; echo x >> src/b.txt; git commit -qam x',
  'a file skipped and present': 'git update-index --skip-worktree a.txt; echo x >> a.txt',
  'a file skipped and absent': 'git update-index --skip-worktree a.txt; rm a.txt',
  'a split index': 'git update-index --split-index; echo n > new.log; git add -f new.log; echo m > new2',
  'an index of version 4':
    'git update-index --index-version 4; mkdir build; echo n > build/x; git add -f build/x',
  'commits, amends and a reset':
    'echo x >> a.txt; git commit -qam x; git commit -q --amend -m y; git reset -q --soft HEAD~; echo z >> a.txt',
  'another branch with nothing tracked': 'git checkout -q --orphan o; git rm -rfq --cached .; echo x > x.log',
  'a merge with conflicts': `git checkout -q -b o; echo o > a.txt; git commit -qam o; git checkout -q -; echo p > a.txt
git commit -qam p; git merge o > /dev/null || true`,
  'an emptied worktree': 'git rm -rfq .',
  'an index that is rubbish': 'echo rubbish > "$(git rev-parse --git-dir)/index"; echo x >> a.txt',
  'no index': 'rm "$(git rev-parse --git-dir)/index"; echo x >> a.txt',
}

test.each(Object.entries(cases))('%s are captured as git itself adds them', async (_, script) => {
  const agent = await makeAgentWorktree(makeRepository({ files }))
  inWorktree(agent, script)
  const index = join(temporaryDirectory(), 'index')
  const { tree } = await agent.capture()
  expect((await agent.capture()).tree).toBe(tree)
  expect(tree).toBe(plainTree(agent, index))
  // Nothing of the capture lies in the agent's store only.
  rmSync(agent.gitDir, { recursive: true })
  expect(gitIn(agent.own.directory, ['fsck', '--connectivity-only', 'refs/kage/snapshots/r1/0'])).toBe('')
})

test('a capture reads no configuration, hook or link of the agent', async () => {
  const agent = await makeAgentWorktree(makeRepository({ files }))
  const marker = join(temporaryDirectory(), 'ran')
  inWorktree(
    agent,
    `for key in core.fsmonitor filter.x.clean core.sshCommand; do git config $key "touch ${marker}"; done
     echo '* filter=x' > .gitattributes; echo x >> a.txt; cp "$(git rev-parse --git-dir)/index" "${marker}.index"`,
  )
  const { tree } = await agent.capture()
  rmSync(join(agent.gitDir, 'index'))
  const other = makeRepository({ files: { 'kept.log': 'x', 'other.log': 'y' } })
  symlinkSync(join(other, '.git/index'), join(agent.gitDir, 'index'))
  expect((await agent.capture()).tree).toBe(tree)
  expect(() => execFileSync('ls', [marker], { stdio: 'pipe' })).toThrow()
})

test('names that git would never write are left out of an index that the agent made up', async () => {
  const agent = await makeAgentWorktree(makeRepository({ files: { ...files, 'xx/git/config': 'x\n' } }))
  const path = join(agent.gitDir, 'index')
  const bytes = execFileSync('cat', [path])
  const at = bytes.indexOf('xx/git/config')
  Buffer.from('../../../../etc1').copy(bytes, at)
  writeFileSync(path, bytes)
  const { changed } = await agent.capture()
  expect(changed.files).toBe(0)
})

function inWorktree({ workTree }: AgentWorktree, script: string): void {
  const identity = ['GIT_AUTHOR', 'GIT_COMMITTER'].flatMap((who) => [
    [`${who}_NAME`, 'a'],
    [`${who}_EMAIL`, 'a@b'],
  ])
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...Object.fromEntries(identity) }
  execFileSync('sh', ['-ec', script], { cwd: workTree, env, stdio: 'pipe' })
}

/** The tree that the agent's own git would make of everything, with a copy of its index. */
function plainTree({ workTree, gitDir }: AgentWorktree, index: string): string {
  try {
    copyFileSync(join(gitDir, 'index'), index)
    if (!execFileSync('head', ['-c', '4', index]).equals(Buffer.from('DIRC'))) throw new Error('rubbish')
  } catch {
    rmSync(index, { force: true })
    inIndex(workTree, index, ['read-tree', 'HEAD'])
  }
  const entries = inIndex(workTree, index, ['ls-files', '-v', '-z']).split('\0')
  const assumed = entries.filter((entry) => entry.startsWith('h ')).map((entry) => `${entry.slice(2)}\0`)
  inIndex(workTree, index, ['update-index', '--no-assume-unchanged', '-z', '--stdin'], assumed.join(''))
  inIndex(workTree, index, ['add', '--all', '--sparse'])
  return inIndex(workTree, index, ['write-tree']).trim()
}

function inIndex(workTree: string, index: string, args: string[], input = ''): string {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', GIT_INDEX_FILE: index }
  const sparse = ['-c', 'core.sparseCheckout=true']
  return execFileSync('git', [...sparse, ...args], {
    cwd: workTree,
    env,
    input,
    encoding: 'latin1',
    stdio: 'pipe',
  })
}
