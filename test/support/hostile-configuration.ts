import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gitIn } from './git-repository.ts'
import { temporaryDirectory } from './temporary.ts'

/** Traps laid in a repository: each would leave a mark if git ran it. */
export interface Traps {
  /** The marks left since the last call. */
  readonly sprung: () => string[]
}

/** Lays every trap that an agent could lay who may write the shared git directory and a worktree. */
export function layTraps(root: string): Traps {
  const marks = temporaryDirectory()
  const payload = (name: string): string => program(marks, name)
  const settings: readonly (readonly [string, string])[] = [
    ['core.fsmonitor', payload('fsmonitor')],
    ['core.hooksPath', hooks(marks)],
    ['core.sshCommand', payload('ssh')],
    ['core.pager', payload('pager')],
    ['core.editor', payload('editor')],
    ['core.askPass', payload('askpass')],
    ['core.alternateRefsCommand', payload('alternate-refs')],
    ['core.gitProxy', payload('proxy')],
    ['credential.helper', `!${payload('credential')}`],
    ['gpg.program', payload('gpg')],
    ['gpg.ssh.program', payload('gpg-ssh')],
    ['commit.gpgSign', 'true'],
    ['filter.trap.clean', payload('clean')],
    ['filter.trap.smudge', payload('smudge')],
    ['filter.long.process', payload('process')],
    ['filter.long.required', 'true'],
    ['diff.external', payload('diff-external')],
    ['diff.trap.textconv', payload('textconv')],
    ['diff.trap.command', payload('diff-command')],
    ['merge.trap.driver', payload('merge-driver')],
    ['uploadpack.packObjectsHook', payload('pack-objects-hook')],
    ['remote.origin.url', `ext::${payload('remote-ext')}`],
    ['remote.origin.uploadpack', payload('uploadpack')],
    ['alias.status', `!${payload('alias')}`],
    ['gc.auto', '1'],
    ['submodule.recurse', 'true'],
  ]
  for (const [key, value] of settings) gitIn(root, ['config', key, value])
  const included = join(marks, 'included.config')
  writeFileSync(
    included,
    `[filter "included"]\n\tclean = ${payload('included-clean')}\n\tsmudge = ${payload('included-smudge')}\n`,
  )
  gitIn(root, ['config', 'include.path', included])
  writeFileSync(join(root, '.git/info/attributes'), '*.inc filter=included\n')
  return { sprung: () => collect(marks) }
}

/** Makes the repository a partial clone of a place that is reached by programs alone, every transport allowed; `url` overrides the place. */
export function layPromisorTraps(root: string, marks: string, url?: string): void {
  const trap = program(marks, 'promisor-ext')
  const settings: readonly (readonly [string, string])[] = [
    ['core.repositoryFormatVersion', '1'],
    ['extensions.partialClone', 'origin'],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.partialCloneFilter', 'blob:none'],
    ['remote.origin.url', url ?? `ext::${trap} %S`],
    ['remote.origin.uploadpack', program(marks, 'promisor-uploadpack')],
    ['protocol.allow', 'always'],
    ['protocol.ext.allow', 'always'],
    ['protocol.file.allow', 'always'],
    ['protocol.ssh.allow', 'always'],
    ['fetch.bundleURI', `ext::${trap}`],
  ]
  for (const [key, value] of settings) gitIn(root, ['config', key, value])
}

/** Packs everything as a pack of a promisor, but for one file of HEAD, which git then knows to be missing. */
export function loseBlob(root: string, path: string): void {
  const blob = gitIn(root, ['rev-parse', `HEAD:${path}`]).trim()
  const list = gitIn(root, ['rev-list', '--objects', '--all'])
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((oid) => oid !== '' && oid !== blob)
  const name = gitIn(root, ['pack-objects', '-q', '.git/objects/pack/pack'], `${list.join('\n')}\n`).trim()
  writeFileSync(join(root, `.git/objects/pack/pack-${name}.promisor`), '')
  for (const directory of readdirSync(join(root, '.git/objects')).filter((each) => each.length === 2))
    rmSync(join(root, '.git/objects', directory), { recursive: true })
}

/** What an agent can lay in its own worktree: attributes that name the traps, and a nested repository with a trap. */
export function layWorktreeTraps(workTree: string): void {
  writeFileSync(
    join(workTree, '.gitattributes'),
    '* diff=trap merge=trap\n*.txt filter=trap\n*.long filter=long\n',
  )
  writeFileSync(join(workTree, 'file.long'), 'long\n')
  writeFileSync(join(workTree, 'file.inc'), 'included\n')
}

function program(marks: string, name: string): string {
  const path = join(marks, `trap-${name}`)
  writeFileSync(path, `#!/bin/sh\ntouch '${marks}/SPRUNG-${name}'\ncat\n`)
  chmodSync(path, 0o755)
  return path
}

function hooks(marks: string): string {
  const directory = join(marks, 'hooks')
  mkdirSync(directory)
  for (const name of [
    'post-checkout',
    'reference-transaction',
    'post-index-change',
    'pre-auto-gc',
    'pre-commit',
    'post-commit',
  ]) {
    const path = join(directory, name)
    writeFileSync(path, `#!/bin/sh\ntouch '${marks}/SPRUNG-${name}'\n`)
    chmodSync(path, 0o755)
  }
  return directory
}

function collect(marks: string): string[] {
  if (!existsSync(marks)) return []
  const found = readdirSync(marks).filter((name) => name.startsWith('SPRUNG-'))
  for (const name of found) rmSync(join(marks, name))
  return found.map((name) => name.slice('SPRUNG-'.length)).toSorted()
}
