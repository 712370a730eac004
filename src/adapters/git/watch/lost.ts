import { join } from 'node:path'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { Repository } from '../repository/repository.ts'
import { headLogs, type PersonRefs } from './person-refs.ts'
import { type LogEntry, readLog } from './reflog.ts'

/** A ref of the person's that was deleted or rewound, or an entry of their stash that vanished. */
export interface LostRef {
  readonly kind: 'ref' | 'stash'
  readonly name: string
  readonly before: Oid
  readonly after: Oid | null
  readonly message?: string
}

/**
 * Compares the person's refs of two moments: what was deleted or rewound and does not look like the person's own doing. The
 * logs tell the two apart. A commit, rebase, merge or pull of the person's stands in the log of HEAD of one of their
 * worktrees, a fetch and a landing of Kage in that of the branch; `update-ref` and `branch -f` leave neither. Entries of a
 * stash leave no trace when they go: they count only where nothing shows that the person was at work. A reset stands in the
 * log of HEAD, too, but with the same words whoever made it, and rewinds: it counts.
 */
export async function lostRefs(
  repository: Repository,
  before: PersonRefs,
  after: PersonRefs,
  agentGitDirs: readonly string[],
): Promise<LostRef[]> {
  const changed = Object.entries(before.refs).filter(([name, oid]) => after.refs[name] !== oid)
  const heads = changed.length === 0 ? [] : await headLogs(repository, agentGitDirs)
  const lost: LostRef[] = []
  for (const [name, oid] of changed) {
    const now = after.refs[name] ?? null
    const log = await readLog(join(repository.commonDir, 'logs', name))
    const isOwn =
      now === null
        ? (await wasRenamed(repository, name, before, after)) ||
          (await isMerged(repository, name, oid, before, after))
        : (await isAncestor(repository, oid, now)) || isOwnMove(oid, now, log, heads)
    if (!isOwn) lost.push({ kind: 'ref', name, before: oid, after: now })
  }
  return [...lost, ...lostStash(before, after)]
}

function isOwnMove(
  old: Oid,
  now: Oid,
  log: readonly LogEntry[],
  heads: readonly (readonly LogEntry[])[],
): boolean {
  const ordinary = /^(am|cherry-pick|commit|kage|merge|pull|rebase|revert)\b/
  return (
    heads.some((head) =>
      since(old, head).some((entry) => entry.after === now && ordinary.test(entry.message)),
    ) || since(old, log).some((entry) => entry.after === now && /^(fetch|pull|kage)\b/.test(entry.message))
  )
}

/** The entries after the last one that has the old value; all where none has. */
function since(old: Oid, log: readonly LogEntry[]): readonly LogEntry[] {
  return log.slice(log.findLastIndex(({ after }) => after === old) + 1)
}

/** A renamed branch takes its log along. */
async function wasRenamed(
  { commonDir }: Repository,
  name: string,
  before: PersonRefs,
  after: PersonRefs,
): Promise<boolean> {
  const fresh = Object.keys(after.refs).filter((each) => before.refs[each] === undefined)
  for (const each of fresh) {
    const log = await readLog(join(commonDir, 'logs', each))
    if (log.some(({ message }) => message === `Branch: renamed ${name} to ${each}`)) return true
  }
  return false
}

/**
 * Whether a deleted branch held nothing that another branch or tag, as it is or was at the last look, or a remote branch does
 * not: `git branch -d` of an ordinary day leaves no trace and takes no commit away. A branch that moved since was moved by the
 * person, or is told itself. Of a tag the name counts.
 */
async function isMerged(
  { place }: Repository,
  name: string,
  old: Oid,
  before: PersonRefs,
  after: PersonRefs,
): Promise<boolean> {
  if (!name.startsWith('refs/heads/')) return false
  const others = Object.entries(after.refs).flatMap(([each, oid]) => [oid, before.refs[each] ?? oid])
  const input = [...new Set(others)].map((oid) => `^${oid}\n`).join('')
  const args = ['rev-list', '--max-count=1', '--stdin', old, '--not', '--remotes']
  const { code, stdout } = await git(place, args, { input, okCodes: [0, 128] })
  return code === 0 && stdout.length === 0
}

async function isAncestor({ place }: Repository, old: Oid, fresh: Oid): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', old, fresh]
  return (await git(place, args, { okCodes: [0, 1, 128] })).code === 0
}

function lostStash(before: PersonRefs, after: PersonRefs): LostRef[] {
  if (before.activity !== after.activity) return []
  const now = new Set(after.stash.map(({ oid }) => oid))
  return before.stash
    .filter(({ oid }) => !now.has(oid))
    .map(({ oid, message }) => ({ kind: 'stash', name: 'refs/stash', before: oid, after: null, message }))
}
