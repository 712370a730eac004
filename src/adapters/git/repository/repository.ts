import { createHash, randomBytes } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { KageError } from '../../../core/error.ts'
import { discoverSettings, isOn } from './config.ts'
import type { Setting } from './config.ts'
import type { GitPlace } from '../command/git.ts'
import type { ObjectFormat } from '../command/object.ts'
import { gitDiscover } from '../command/text.ts'
import type { GitText } from '../command/text.ts'
import { gitDirOf } from './worktree-link.ts'

/** A repository of the person's, seen from one of its worktrees; every path is absolute and real. */
export interface Repository {
  /** Top of the worktree. */
  readonly root: string
  /** The git directory of that worktree, and the one that all its worktrees share. */
  readonly gitDir: string
  readonly commonDir: string
  readonly objectFormat: ObjectFormat
  readonly shallow: boolean
  readonly partial: boolean
  readonly sparse: boolean
  readonly ignoreCase: boolean
  /** A short name for the repository, the same from all its worktrees. */
  readonly key: string
  /** Where commands on it run. */
  readonly place: GitPlace
}

/** Opens the repository around a directory; refuses with KAGE_NOT_A_REPOSITORY, KAGE_REPOSITORY_BARE or KAGE_REPOSITORY_ALTERED. */
export async function openRepository(directory: string): Promise<Repository> {
  return (await openWithSettings(directory)).repository
}

/** The same, with the settings that were read on the way. */
export async function openWithSettings(
  directory: string,
): Promise<{ readonly repository: Repository; readonly settings: readonly Setting[] }> {
  const reading = discoverSettings(directory)
  // Why a directory is no repository is told by the discovery.
  reading.catch(() => {})
  const found = await discover(directory)
  const settings = await reading
  const place: GitPlace = { gitDir: found.gitDir, workTree: found.root, userConfig: true }
  return {
    repository: { ...found, ...traits(settings), key: repositoryKey(found.commonDir), place },
    settings,
  }
}

/** The short name of the repository whose worktrees share this git directory (a real path). */
function repositoryKey(commonDir: string): string {
  return createHash('sha256').update(commonDir).digest('hex').slice(0, 12)
}

type Found = Pick<Repository, 'root' | 'gitDir' | 'commonDir' | 'objectFormat' | 'shallow'>

async function discover(directory: string): Promise<Found> {
  if (!(await isDirectory(directory)))
    throw new KageError('KAGE_NOT_A_REPOSITORY', `${directory} is no directory.`)
  // Unknown options are echoed: this one stands between answers, since a path may hold a newline.
  const fence = `--kage-${randomBytes(8).toString('hex')}`
  const flags = [
    '--is-bare-repository',
    '--is-inside-work-tree',
    '--is-shallow-repository',
    '--show-object-format',
  ]
  const asked = [...flags, '--absolute-git-dir', '--git-common-dir', '--show-cdup']
  const answer = await gitDiscover(directory, ['rev-parse', ...asked.flatMap((flag) => [flag, fence])])
  const [bare, inside, shallow, format, gitDir = '', commonDir = '', up = ''] = answer.text
    .split(`${fence}\n`)
    .map((part) => part.replace(/\n$/, ''))
  if (answer.code !== 0) throw discoveryFailed(directory, answer, bare === 'true')
  if (inside !== 'true') throw outsideWorktree(directory, bare === 'true')
  const root = await realpath(join(directory, up))
  const found = {
    root,
    gitDir: await realpath(gitDir),
    commonDir: await realpath(join(commonDir.startsWith('/') ? '' : directory, commonDir)),
  }
  await checkLink(found)
  return { ...found, objectFormat: format === 'sha256' ? 'sha256' : 'sha1', shallow: shallow === 'true' }
}

// core.worktree can make git believe in any directory: the worktree itself has to lead to the git directory too.
async function checkLink(found: { root: string; gitDir: string }): Promise<void> {
  const linked = await gitDirOf(found.root)
  if (linked === found.gitDir) return
  throw new KageError(
    'KAGE_REPOSITORY_ALTERED',
    `${found.gitDir} claims ${found.root} as its worktree, which does not point back to it.`,
    'See `git config --show-origin core.worktree` and the .git entry of that directory.',
  )
}

function discoveryFailed(directory: string, answer: GitText, bare: boolean): KageError {
  if (answer.stderr.includes('dubious ownership')) {
    const hint = `If you trust it: git config --global --add safe.directory '${directory}'`
    return new KageError(
      'KAGE_NOT_A_REPOSITORY',
      `${directory} belongs to another user, so git refuses it.`,
      hint,
    )
  }
  if (answer.stderr.includes('must be run in a work tree')) return outsideWorktree(directory, bare)
  if (answer.stderr.includes('not a git repository')) {
    return new KageError('KAGE_NOT_A_REPOSITORY', `${directory} is not in a git repository.`)
  }
  return new KageError('KAGE_NOT_A_REPOSITORY', `git cannot use ${directory}: ${answer.stderr.trim()}`)
}

function outsideWorktree(directory: string, bare: boolean): KageError {
  if (bare) return new KageError('KAGE_REPOSITORY_BARE', `${directory} is a bare repository.`)
  return new KageError('KAGE_NOT_A_REPOSITORY', `${directory} is inside a git directory, not in a worktree.`)
}

function traits(settings: readonly Setting[]): Pick<Repository, 'partial' | 'sparse' | 'ignoreCase'> {
  const promisor = settings.some(({ key, value }) => /^remote\..*\.promisor$/s.test(key) && value === 'true')
  return {
    partial: promisor || settings.some(({ key }) => key === 'extensions.partialclone'),
    sparse: isOn(settings, 'core.sparsecheckout'),
    ignoreCase: isOn(settings, 'core.ignorecase'),
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
