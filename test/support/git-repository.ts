import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryDirectory } from './temporary.ts'

const identity = { name: 'Test Person', email: 'person@example.test' }

/** Runs the plain git in a directory, as a person would, with no configuration but the repository's; returns what it prints. */
export function gitIn(directory: string, args: readonly string[], input?: string | Buffer): string {
  return gitBytesIn(directory, args, input).toString('latin1')
}

/** The same, as bytes. */
export function gitBytesIn(directory: string, args: readonly string[], input?: string | Buffer): Buffer {
  return execFileSync('git', [...args], {
    cwd: directory,
    env: personEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
    ...(input === undefined ? {} : { input }),
  })
}

/** Writes files, by path, below a directory; a Buffer is a path of any bytes in its latin1 form. */
export function writeFiles(directory: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), content)
  }
}

export interface RepositoryShape {
  readonly files?: Readonly<Record<string, string | Buffer>>
  readonly objectFormat?: 'sha1' | 'sha256'
  /** Where, instead of `repository` in a temporary directory. */
  readonly at?: string
}

/** A repository of a person's with one commit of these files; returns its directory. */
export function makeRepository(shape: RepositoryShape = {}): string {
  const root = shape.at ?? join(temporaryDirectory(), 'repository')
  mkdirSync(root, { recursive: true })
  gitIn(root, ['init', '--quiet', '--initial-branch=main', `--object-format=${shape.objectFormat ?? 'sha1'}`])
  gitIn(root, ['config', 'user.name', identity.name])
  gitIn(root, ['config', 'user.email', identity.email])
  writeFiles(root, shape.files ?? { 'a.txt': 'one\ntwo\nthree\n', 'src/b.txt': 'b\n' })
  commitAll(root, 'first')
  return root
}

/** Commits everything in a worktree; returns the commit. */
export function commitAll(directory: string, message: string): string {
  gitIn(directory, ['add', '--all', '--force'])
  gitIn(directory, ['commit', '--quiet', '--allow-empty', '--no-verify', '-m', message])
  return headOf(directory)
}

/** The commit that HEAD names. */
export function headOf(directory: string): string {
  return gitIn(directory, ['rev-parse', 'HEAD']).trim()
}

function personEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
    GIT_ALLOW_PROTOCOL: 'file',
  }
}
