import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { isRun } from '../core/agent/kind.ts'
import { KageError } from '../core/error.ts'
import type { RunState, State } from '../core/state.ts'

/** Where the person is: the top of the worktree, and the git directory that all worktrees of the repository share. */
export interface Place {
  readonly root: string
  readonly commonDir: string
}

/** Finds the worktree around a directory by its `.git` entry; what git itself says of it is the daemon's business. */
export async function placeOf(directory: string): Promise<Place> {
  const start = await realpath(directory).catch(() => null)
  for (let at = start; at !== null; at = dirname(at) === at ? null : dirname(at)) {
    const found = await gitDirAt(at)
    if (found !== null) return { root: at, commonDir: await commonDirOf(found) }
  }
  throw new KageError(
    'KAGE_NOT_A_REPOSITORY',
    `${directory === '' ? 'The current directory' : directory} is not in a git repository.`,
    'Go to one with :cd, or open a file of it.',
  )
}

/** The runs of the repository that is meant, the newest first. */
export function runsAt(state: State, place: Place): RunState[] {
  return Object.values(state.runs)
    .filter(
      (run) =>
        run.repository.commonDir === place.commonDir ||
        run.agents.some(({ gitDir }) => gitDir === place.commonDir),
    )
    .toReversed()
}

/** Whether a run was not cleaned: then worktrees of its agents are there, or are about to be. */
export function isThere(run: RunState): boolean {
  return run.agents.some(
    (agent) => !isRun(agent) || agent.desired !== 'cleaned' || agent.worktreeState === 'present',
  )
}

/** A file's path in its worktree, or null where it lies outside. */
export function pathIn(root: string, file: string): string | null {
  const path = relative(root, file)
  return path === '' || path.startsWith('..') || path.startsWith('/') ? null : path
}

async function gitDirAt(directory: string): Promise<string | null> {
  const entry = join(directory, '.git')
  const found = await stat(entry).catch(() => null)
  if (found === null) return null
  if (found.isDirectory()) return realpath(entry)
  const link = /^gitdir: (.+)\n?$/.exec(await readFile(entry, 'utf8').catch(() => ''))?.[1]
  return link === undefined ? null : realpath(resolve(directory, link)).catch(() => null)
}

async function commonDirOf(gitDir: string): Promise<string> {
  const link = await readFile(join(gitDir, 'commondir'), 'utf8').catch(() => null)
  return link === null ? gitDir : realpath(resolve(gitDir, link.trimEnd()))
}
