import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Fault } from '../../src/core/error.ts'
import type { Picked, RegionsView } from '../../src/core/protocol/results.ts'
import type { RunView } from '../../src/core/protocol/view.ts'
import { commitAll, gitBytesIn, gitIn, makeRepository } from '../support/git-repository.ts'
import { type House, makeHouse } from '../support/kage.ts'
import { refused } from '../support/refusal.ts'
import { userFingerprint } from '../support/user-fingerprint.ts'

const files = {
  'a.txt': 'one\ntwo\nthree\n',
  'folder/x': 'x\n',
  'folder/y': 'y\n',
  file: 'file\n',
  'crlf.txt': 'a\r\nb\r\nc\r\n',
  'run.sh': '#!/bin/sh\n',
  'binary.dat': '\0\u0001binary',
  'no-newline': 'no newline',
  empty: '',
}

/** A house whose only agent runs a script, and a repository of all kinds of files. */
async function worked(script: string): Promise<{ house: House; repository: string; run: RunView }> {
  const house = makeHouse()
  house.agent('ada', script.replaceAll('MARKER', join(house.directory, 'marker')))
  const repository = makeRepository({ files })
  chmodSync(join(repository, 'run.sh'), 0o755)
  commitAll(repository, 'executable')
  const { run } = await house.done<{ run: RunView }>(repository, [
    'spawn',
    '--wait',
    '--timeout',
    '30',
    'task',
  ])
  expect(run.agents[0]?.status).toBe('done')
  return { house, repository, run }
}

/** All that an agent made is compared, printed, patched, taken and undone to the byte, and nothing of it runs. */
async function exact(script: string): Promise<RegionsView> {
  const { house, repository } = await worked(script)
  const before = contentsOf(repository)
  const regions = await house.done<RegionsView>(repository, ['regions', 'r1', '--full'])
  for (const words of [
    ['regions', 'r1'],
    ['show', 'r1'],
    ['log', 'r1'],
  ]) {
    const plain = await house.plain(repository, words)
    expect([words, plain.code, plain.stdout.includes('\u001b')]).toEqual([words, 0, false])
  }
  const { patch, encoding } = await house.done<{ patch: string; encoding: BufferEncoding }>(repository, [
    'diff',
    'r1',
  ])
  const { state } = await house.done<{ state: State }>(repository, ['state'])
  const tree = state.runs['r1']?.agents[0]?.capture?.tree
  expect(treeAfter(repository, Buffer.from(patch, encoding))).toBe(tree)

  // A `.git` that leads elsewhere is an alarm.
  await house.done(repository, ['ack', 'r1'])
  const picked = await house.done<Picked>(repository, ['pick', 'r1', '--from', 'ada'])
  expect([picked.result, picked.tree]).toEqual(['landed', tree])
  await house.done(repository, ['undo'])
  expect(contentsOf(repository)).toEqual(before)
  await house.done(repository, ['clean', 'r1'])
  expect(readdirSync(house.directory)).not.toContain('marker')
  expect(existsSync('/MARKED')).toBe(false)
  return regions
}

interface State {
  readonly runs: Readonly<Record<string, { agents: readonly { capture: { tree: string } | null }[] }>>
}

/** What plain `git apply` makes of the base and a patch, as a tree. */
function treeAfter(repository: string, patch: Buffer): string {
  const clone = join(repository, '..', 'clone')
  gitIn(repository, ['clone', '--quiet', '--config', 'core.hooksPath=/dev/null', repository, clone])
  gitBytesIn(clone, ['apply', '--index', '--whitespace=nowarn', '-'], patch)
  return gitIn(clone, ['write-tree']).trim()
}

/** The person's files and git state; the entries of worktrees come and go. */
function contentsOf(repository: string): Record<string, string> {
  const found = Object.entries(userFingerprint(repository))
  return Object.fromEntries(found.filter(([path]) => !path.startsWith('.git/worktrees')))
}

test('names that shells, git and terminals could take for something else are only names', async () => {
  const { regions } = await exact(`
    for name in 'a b' ' ' 'trail ' "a'b" 'a"b' 'back\\slash' '$(touch MARKED)' '#(touch MARKED)' ':(glob)**' '{a => b}' \\
      'ünï 漢 🎉' .gitx '*' '?' '[x]' 'HEAD' 'end ' '~' '%1' '#{pane_id}'; do printf x > "$name"; done
    for name in 'a\\nb' 'a\\tb' 'caf\\351' 'esc\\033[31m' 'x\\n\\n' '\\302\\205'; do printf x > "$(printf "$name.")"; done
    printf x > ./-dash; printf x > './--exec=touch MARKED'; mkdir '; touch MARKED'; printf x > '; touch MARKED/x'
  `)
  expect(regions).toHaveLength(29)
  expect(new Set(regions.map(({ kind }) => kind))).toEqual(new Set(['add']))
})

test('git’s own files in a tree are content and configure nothing', async () => {
  await exact(`
    mkdir .git2 sub; printf x > .git2/config; printf x > sub/.gitfoo
    printf '* diff=evil filter=evil merge=evil\\n' > .gitattributes
    printf '[submodule "x"]\\n\\tpath = x\\n\\turl = evil\\n\\tupdate = !touch MARKER\\n' > .gitmodules
    printf '[diff "evil"]\\n\\tcommand = touch MARKER\\n' > .gitconfig
  `)
})

test('links that lead out of the tree are carried as links', async () => {
  const { regions } = await exact(`
    ln -s /etc/hosts out; ln -s ../../../../../../etc up; ln -s a.txt in; ln -s nowhere dangling
    rm file; ln -s /etc/hosts file; ln -s "$(printf 'x\\ny')" line
  `)
  expect(regions.map(({ path, kind }) => `${path} ${kind}`)).toContain('file type')
})

test.each([
  [
    'kinds, modes, line ends and encodings',
    `
    chmod +x a.txt; chmod -x run.sh; chmod 600 folder/x; : > new-empty; printf 'x\\n' >> empty; printf '\\n' >> no-newline
    printf 'a\\nb\\r\\nd\\n' > crlf.txt; printf 'x\\0y' > binary.dat; printf '\\377\\376bad\\n' > bad; printf '\\357\\273\\277bom' > bom
  `,
  ],
  [
    'a folder that becomes a file and back',
    `rm -rf folder; printf now > folder; rm file; mkdir file; printf in > file/in`,
  ],
  ['an emptied worktree', `rm -rf ./*`],
  ['a worktree and index emptied by git', `git rm -rqf .`],
  ['a file beside a pipe', `mkfifo pipe; printf ok > ok`],
])('%s are carried to the byte', async (_, script) => {
  await exact(script)
})

test('what an agent does with its branch, index and HEAD changes nothing about its candidate', async () => {
  const commit = 'git -c user.name=a -c user.email=b commit -qm mine'
  await exact(
    `echo c >> a.txt; git add -A; ${commit}; echo d >> a.txt; git add a.txt; echo '*.log' > .gitignore; echo x > y.log`,
  )
  await exact(
    `git checkout -q --detach; echo z >> a.txt; git checkout -q -b other; echo y > y; git add -A; ${commit}`,
  )
  await exact(`echo w >> a.txt; rm .git`)
  await exact(`echo w >> a.txt; printf 'gitdir: /nonexistent' > .git`)
  await exact(
    `echo w >> a.txt; d=$(git rev-parse --git-dir); touch "$d/index.lock"; echo x > "$d/index"; echo x > "$d/HEAD"`,
  )
})

test('a configuration and hooks that an agent plants run nothing', async () => {
  const { house, repository } = await worked(`
    person=$(dirname "$(git config core.hooksPath)")
    for key in core.fsmonitor core.sshCommand core.editor core.pager diff.external gpg.program credential.helper \\
      filter.evil.clean filter.evil.smudge filter.evil.process merge.evil.driver diff.evil.command diff.evil.textconv
    do git config "$key" 'touch MARKER; cat'; git config --file "$person/config" "$key" 'touch MARKER; cat'; done
    printf '* filter=evil diff=evil merge=evil\\n' > .gitattributes
    hooks=$person/hooks; mkdir -p "$hooks"
    for name in post-checkout pre-commit post-commit post-index-change reference-transaction post-merge pre-auto-gc
    do printf '#!/bin/sh\\ntouch MARKER\\n' > "$hooks/$name"; chmod +x "$hooks/$name"; done
    echo z >> a.txt
  `)
  const marker = join(house.directory, 'marker')
  expect(readFileSync(join(repository, '.git/config'), 'utf8')).toContain(`touch ${marker}`)
  for (const words of [
    ['regions', 'r1', '--full'],
    ['diff', 'r1'],
    ['pick', 'r1', '--from', 'ada'],
    ['ack', 'r1'],
    ['pick', 'r1', '--from', 'ada'],
    ['undo'],
    ['clean'],
  ]) {
    await house.kage(repository, words)
    expect([words, existsSync(marker)]).toEqual([words, false])
  }
})

test('what a program prints to its pane is text', async () => {
  const { house, repository } = await worked(`
    printf '\\033]0;#(touch MARKER)\\007\\033]2;#{?1,#(touch MARKER),}\\033\\\\\\033k$(touch MARKER)\\033\\\\'
    printf '\\033]52;c;dG91Y2g=\\007\\033[31m\\033[?1049h\\033c'; echo '#(touch MARKER)'
    echo z >> a.txt
  `)
  await house.done(repository, ['pick', 'r1', '--from', 'ada'])
  house.tmux('list-panes', '-a', '-F', '#{pane_title}')
  expect(readdirSync(house.directory)).not.toContain('marker')
})

test('a repository within a worktree is shown and taken nowhere but into a branch', async () => {
  const identity = '-c user.name=a -c user.email=b'
  const { house, repository } = await worked(
    `git init -q nest; cd nest; echo in > in.txt; git add .; git ${identity} commit -qm n; cd ..; git init -q bare; echo p > plain`,
  )
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1'])
  expect(regions.map(({ path, kind }) => `${path} ${kind}`)).toEqual(['nest submodule', 'plain add'])
  await refused(house, repository, ['pick', 'r1', '--from', 'ada'], 1, 'KAGE_TARGET_OCCUPIED')
  await house.done(repository, ['pick', 'r1', '--from', 'ada', '--path', 'plain'])
  expect(gitIn(repository, ['status', '--porcelain'])).toBe('?? plain\n')
})

test('a worktree that its agent made a repository of its own is left alone, at once', async () => {
  const { house, repository, run } = await worked(`echo w >> a.txt; rm .git; git init -q .`)
  const worktree = run.agents[0]?.worktree ?? ''
  const { code, json } = await house.kage<{ error: Fault }>(repository, ['clean', 'r1'])
  expect([code, json.error.code, json.error.message]).toEqual([
    1,
    'KAGE_WORKTREE_KEPT',
    expect.stringContaining('holds a repository of its own'),
  ])
  expect(readFileSync(join(worktree, 'a.txt'), 'utf8')).toBe(`${files['a.txt']}w\n`)
  execFileSync('rm', ['-r', join(worktree, '.git')])
  await house.done(repository, ['clean', 'r1'])
  expect(existsSync(worktree)).toBe(false)
})

test('a file of 50 MB is shown without its text, and taken and undone whole', async () => {
  const { house, repository } = await worked(
    `head -c 52428800 /dev/urandom > big.dat; yes line | head -200000 > long.txt`,
  )
  const { regions } = await house.done<RegionsView>(repository, ['regions', 'r1', '--full'])
  expect(regions.map(({ path, variants }) => [path, variants[0]?.text !== undefined])).toEqual([
    ['big.dat', false],
    ['long.txt', true],
  ])
  expect((await house.plain(repository, ['regions', 'r1'])).stdout).toContain('(not shown)')
  await house.done(repository, ['pick', 'r1', '--from', 'ada'])
  expect(readFileSync(join(repository, 'big.dat')).length).toBe(52_428_800)
  await house.done(repository, ['undo'])
  expect(gitIn(repository, ['status', '--porcelain'])).toBe('')
})
