import { lstat, readdir, realpath } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'
import { readSettings, type Setting } from '../repository/config.ts'
import { readRegularText } from '../command/regular-file.ts'
import type { Repository } from '../repository/repository.ts'
import type { WatchedPart } from '../../../core/alarm.ts'
import { hooksPathParts } from './hooks-path.ts'
import { filePart, partOf } from './part.ts'

/**
 * Everything of a person's repository that makes git, or a tool that obeys git, run a program or read elsewhere: settings,
 * hooks, info/*, alternates, the files that lead to a git directory, and replaced objects.
 */
export async function guardedParts(repository: Repository): Promise<readonly WatchedPart[]> {
  const { root, gitDir, commonDir, place } = repository
  const settings = await readSettings(place)
  const files: readonly (readonly [WatchedPart['kind'], string])[] = [
    ['alternates', join(commonDir, 'objects', 'info', 'alternates')],
    ['alternates', join(commonDir, 'objects', 'info', 'http-alternates')],
    ...(gitDir === commonDir
      ? []
      : ([
          ['commondir', join(gitDir, 'commondir')],
          ['gitdir', join(gitDir, 'gitdir')],
        ] as const)),
    ['git', join(root, '.git')],
  ]
  const parts = await Promise.all([
    hooksPathParts(repository, settings),
    ...files.map(([kind, path]) => filePart(kind, subjectOf(root, path), path)),
    directoryParts('hook', root, join(commonDir, 'hooks'), (name) => !name.endsWith('.sample')),
    directoryParts('info', root, join(commonDir, 'info'), (name) => !ordinaryInfo.has(name)),
    replaceParts(commonDir),
  ])
  return [...settingParts(root, settings), ...parts.flat()].filter((part) => part !== null)
}

/** What commands of an ordinary day write. */
const ordinaryInfo: ReadonlySet<string> = new Set(['refs', 'sparse-checkout'])

/** Settings that neither run a program nor make git read elsewhere, and that commands of an ordinary day write. */
const harmless =
  /^(branch\..*\.(remote|merge|rebase|description|pushremote|vscode-merge-base|github-pr-owner-number|gh-merge-base)|user\.(name|email)|(advice|color|column|gc|gui|init|maintenance|status)\..*|core\.(repositoryformatversion|sparsecheckout|sparsecheckoutcone|filemode|bare|logallrefupdates|ignorecase|precomposeunicode|symlinks|autocrlf|eol|abbrev|quotepath|untrackedcache|splitindex|commentchar)|index\.sparse|extensions\.worktreeconfig|rebase\.autostash|pull\.(rebase|ff)|push\.default|lfs\..*\.access)$/s

/** One part for each file of settings; only settings that matter are in its text. */
function settingParts(root: string, settings: readonly Setting[]): WatchedPart[] {
  const counting = settings.filter(({ scope, key }) => scope !== 'system' && !harmless.test(key))
  const files = Map.groupBy(counting, ({ origin = '' }) => origin.replace(/^file:/, ''))
  return [...files].map(([file, all]) => {
    const path = isAbsolute(file) ? file : join(root, file)
    const text = all.map(({ key, value }) => `${key} = ${withoutCredentials(key, value)}\n`).join('')
    return partOf('config', subjectOf(root, path), text)
  })
}

function withoutCredentials(key: string, value: string): string {
  if (/extraheader$|token|password|secret/i.test(key)) return '[redacted]'
  return value.replace(/(:\/\/[^/:@\s]*):[^/@\s]+@/g, '$1:[redacted]@')
}

async function directoryParts(
  kind: WatchedPart['kind'],
  root: string,
  directory: string,
  counts: (name: string) => boolean,
): Promise<WatchedPart[]> {
  const link = await filePart(kind, subjectOf(root, directory), directory)
  if (link !== null) return [link]
  const names = (await readdir(directory).catch(() => [])).filter(counts).toSorted()
  const parts = await Promise.all(
    names.map((name) => filePart(kind, subjectOf(root, join(directory, name)), join(directory, name))),
  )
  return parts.filter((part) => part !== null)
}

async function replaceParts(commonDir: string): Promise<WatchedPart[]> {
  const directory = join(commonDir, 'refs', 'replace')
  const names = await readdir(directory).catch(() => [])
  const loose = await Promise.all(
    names.map(
      async (name) => [name, (await readRegularText(join(directory, name), 'latin1')).trim()] as const,
    ),
  )
  const packed = (await readRegularText(join(commonDir, 'packed-refs'), 'latin1'))
    .split('\n')
    .flatMap((line) => {
      const [, oid = '', name = ''] = /^([0-9a-f]+) refs\/replace\/(.+)$/.exec(line) ?? []
      return name === '' ? [] : [[name, oid] as const]
    })
  return [...new Map([...packed, ...loose])].map(([name, oid]) =>
    partOf('replace', `refs/replace/${name}`, oid),
  )
}

/** A path below the worktree without its beginning. */
function subjectOf(root: string, path: string): string {
  const below = relative(root, path)
  return below.startsWith('..') ? path : below
}

/** The `.git` file of an agent's worktree and, of a linked one, the files that lead from its git directory; each with what it has to say. */
export async function worktreeParts(
  agent: string,
  workTree: string,
  gitDir: string,
  commonDir: string,
): Promise<readonly WatchedPart[]> {
  const pairs: readonly (readonly [WatchedPart['kind'], string, string])[] = [
    ['git', join(workTree, '.git'), gitDir],
    ...(gitDir.startsWith(`${commonDir}/`)
      ? ([
          ['commondir', join(gitDir, 'commondir'), commonDir],
          ['gitdir', join(gitDir, 'gitdir'), join(workTree, '.git')],
        ] as const)
      : []),
  ]
  const parts = await Promise.all(
    pairs.map(async ([kind, path, wanted]) => {
      const found = await targetOf(path, kind === 'commondir' ? gitDir : workTree)
      if (found === null) return null
      const part = partOf(kind, `${agent}: ${kind === 'git' ? '.git' : path}`, found)
      return { ...part, wanted: partOf(kind, '', wanted) }
    }),
  )
  return parts.filter((part) => part !== null)
}

/** Where a file leads that holds a path, as a real path where there is one; null where nothing is there, which leads nowhere. */
async function targetOf(path: string, from: string): Promise<string | null> {
  if ((await lstat(path).catch(() => null))?.isDirectory() === true) return 'a directory'
  const part = await filePart('git', '', path)
  if (part === null) return null
  if (part.text.startsWith('a link to ')) return part.text
  const target = part.text.replace(/^gitdir: /, '').replace(/\r?\n*$/, '')
  const absolute = isAbsolute(target) ? target : join(from, target)
  return realpath(absolute).catch(() => absolute)
}
