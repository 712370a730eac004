import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { Repository } from '../repository/repository.ts'
import { type LogEntry, readLog } from './reflog.ts'

/** The person's branches, tags and stash at one moment. */
export interface PersonRefs {
  /** By full name; a tag with the id of its own object. */
  readonly refs: Readonly<Record<string, Oid>>
  /** Entries of the stash, oldest first. */
  readonly stash: readonly { readonly oid: Oid; readonly message: string }[]
  /** When the index was last written, as every command does that changes the worktree. */
  readonly activity: string
}

/** Reads the person's refs, without those of the given branches, which are agents'; costs one process. */
export async function readPersonRefs(
  repository: Repository,
  isAgents: (branch: string) => boolean,
): Promise<PersonRefs> {
  const { commonDir, place } = repository
  const format = '--format=%(objectname) %(refname)'
  const [{ stdout }, stash, activity] = await Promise.all([
    git(place, ['for-each-ref', format, 'refs/heads/', 'refs/tags/']),
    readLog(join(commonDir, 'logs', 'refs', 'stash')),
    modified(join(commonDir, 'index')),
  ])
  const named = stdout
    .toString('utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))] as const)
    .filter(([name]) => !isAgents(name.replace(/^refs\/heads\//, '')))
  return {
    refs: Object.fromEntries(named),
    stash: stash.map(({ after, message }) => ({ oid: after, message })),
    activity,
  }
}

/** The log of HEAD of each of the person's worktrees; `agents` are git directories that are not the person's. */
export async function headLogs({ commonDir }: Repository, agents: readonly string[]): Promise<LogEntry[][]> {
  const names = await readdir(join(commonDir, 'worktrees')).catch(() => [])
  const linked = names
    .map((name) => join(commonDir, 'worktrees', name))
    .filter((path) => !agents.includes(path))
  return Promise.all([commonDir, ...linked].map((path) => readLog(join(path, 'logs', 'HEAD'))))
}

async function modified(path: string): Promise<string> {
  return stat(path, { bigint: true }).then(
    ({ mtimeNs }) => String(mtimeNs),
    () => '-',
  )
}
