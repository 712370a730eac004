import { fingerprint } from '../../adapters/git/repository/fingerprint.ts'
import type { Repository } from '../../adapters/git/repository/repository.ts'
import { guardedParts, worktreeParts } from '../../adapters/git/watch/guarded.ts'
import type { AlarmKind, WatchedPart } from '../../core/alarm.ts'
import type { RunState } from '../../core/state.ts'

/** What is watched for a run as it is now: in the person's repository, and at the worktrees of its agents. */
export async function partsNow(run: RunState, repository: Repository): Promise<readonly WatchedPart[]> {
  const [shared, ...own] = await Promise.all([
    run.guarded === undefined ? olderParts(repository) : guardedParts(repository),
    ...run.agents.map(({ name, worktree, worktreeState, gitDir }) =>
      worktreeState === 'present' && gitDir !== null
        ? worktreeParts(`${run.id}/${name}`, worktree, gitDir, repository.commonDir)
        : [],
    ),
  ])
  return [...shared, ...own.flat()]
}

/** As 0.1.0 watched: only hashes, of whole files and directories. */
async function olderParts(repository: Repository): Promise<WatchedPart[]> {
  return Object.entries(await fingerprint(repository)).map(([subject, hash]) => ({
    kind: kindOf(subject),
    subject,
    hash,
    text: `content with the hash ${hash}`,
  }))
}

function kindOf(path: string): AlarmKind {
  if (path.endsWith('/hooks')) return 'hook'
  if (path.includes('/info/')) return 'info'
  return path.endsWith('/.git') ? 'git' : path.endsWith('/commondir') ? 'commondir' : 'config'
}
