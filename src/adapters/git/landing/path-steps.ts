import type { TreePath } from '../../../core/merge/change.ts'
import { bytesOfPath } from '../../../core/merge/path.ts'
import { checkoutBytes } from '../worktree/checkout-bytes.ts'
import { directorySteps } from './directory-steps.ts'
import { git } from '../command/git.ts'
import type { Contents } from './journal.ts'
import type { LandingPlan, LandingRequest } from './landing-plan.ts'
import type { TreeChange } from '../diff/tree-changes.ts'
import { nextAnswer } from '../command/next-answer.ts'
import { objectOid } from '../command/object.ts'
import { refuseOccupied } from './occupied.ts'
import type { LookedAt } from './occupied.ts'
import { withTemporaries } from './temporary-path.ts'
import { hashOf, readWorkFile, type Side } from '../worktree/work-file.ts'

/** What a landing does to a worktree, with the bytes of both sides. */
export interface PathSteps extends Pick<LandingPlan, 'steps' | 'made' | 'left'> {
  readonly contents: Contents
  /** Paths whose bytes on disk are not those that a checkout of the old entry gives. */
  readonly unlike: readonly TreePath[]
}

/** Plans the steps for changes of a worktree that holds the old side of them, or refuses when something stands in their way. */
export async function pathSteps(
  request: LandingRequest,
  changes: readonly TreeChange[],
  fileMode: boolean,
): Promise<PathSteps> {
  const { repository } = request
  const { root } = repository
  const links = new Set(
    changes.flatMap(({ path, old }) => (old?.mode === '120000' ? [bytesOfPath(path)] : [])),
  )
  const looked = changes.map((change) => ({
    change,
    file: readWorkFile(root, change.path, (path) => links.has(path)),
  }))
  refuseOccupied(root, looked, repository.ignoreCase)
  const { now, unlike } = await compareWithCheckout(request, looked, fileMode)
  const contents = new Map<string, Buffer>()
  const sides = looked.map(({ change, file }, index) => {
    const old = file.kind === 'file' ? sideOf(contents, file.mode, file.permissions, file.bytes) : null
    const bytes = now[index] ?? null
    const mode = change.new === null || bytes === null ? null : newMode(change, old, fileMode)
    const next =
      mode === null || bytes === null ? null : sideOf(contents, mode, permissionsFor(mode, old), bytes)
    return { path: change.path, old, new: next }
  })
  const moving = sides.filter((side) => side.old !== null || side.new !== null)
  const directories = directorySteps(root, moving)
  const steps = withTemporaries(root, request.id, moving, directories)
  return { steps, ...directories, contents, unlike }
}

interface Compared {
  /** The new bytes of each change; null where it removes. */
  readonly now: readonly (Buffer | null)[]
  readonly unlike: readonly TreePath[]
}

async function compareWithCheckout(
  request: LandingRequest,
  looked: readonly LookedAt[],
  fileMode: boolean,
): Promise<Compared> {
  const { own, repository, settings } = request
  // A sparse checkout leaves files out that the index has; they come back.
  const leftOut = await leftOutBySparse(request, looked)
  const isBlob = ({ change, file }: LookedAt): boolean =>
    file.kind === 'file' &&
    objectOid(own.objectFormat, { type: 'blob', content: file.bytes }) === change.old?.oid
  const known = looked.filter((each) => each.change.old !== null && !leftOut(each))
  const doubtful = known.filter((each) => !isBlob(each))
  const wanted = [
    ...looked.flatMap(({ change: { path, new: entry } }) => (entry === null ? [] : [{ path, entry }])),
    ...doubtful.flatMap(({ change: { path, old: entry } }) => (entry === null ? [] : [{ path, entry }])),
  ]
  const bytes = wanted.length === 0 ? [] : await checkoutBytes(own, settings, repository.root, wanted)
  const now = looked.map(({ change }) => (change.new === null ? null : nextAnswer(bytes)))
  const other = new Set(doubtful.filter((each) => !isBytes(each.file, nextAnswer(bytes))))
  const unlike = known.filter((each) => other.has(each) || !sameMode(each, fileMode))
  return { now, unlike: unlike.map(({ change }) => change.path) }
}

// What a commit goes beside must be as it was committed, so there a file that is merely gone counts as changed.
async function leftOutBySparse(
  { repository, target }: LandingRequest,
  looked: readonly LookedAt[],
): Promise<(each: LookedAt) => boolean> {
  const absent = looked.filter(({ change, file }) => change.old !== null && file.kind === 'absent')
  if (!repository.sparse || absent.length === 0) return () => false
  if (target.kind === 'worktree') return ({ file }) => file.kind === 'absent'
  const { stdout } = await git(repository.place, ['ls-files', '-z', '-t', '--full-name'])
  const skipped = new Set(
    stdout
      .toString('latin1')
      .split('\0')
      .filter((line) => line.startsWith('S ')),
  )
  return ({ change, file }) => file.kind === 'absent' && skipped.has(`S ${bytesOfPath(change.path)}`)
}

function isBytes(file: LookedAt['file'], bytes: Buffer): boolean {
  return file.kind === 'file' && file.bytes.equals(bytes)
}

function sameMode({ change, file }: LookedAt, fileMode: boolean): boolean {
  if (change.old === null || file.kind !== 'file') return false
  if (file.mode === change.old.mode) return true
  return !fileMode && file.mode !== '120000' && change.old.mode !== '120000'
}

// Without execute bits a file keeps the one it happens to have.
function newMode(change: TreeChange, old: Side | null, fileMode: boolean): string {
  const mode = change.new?.mode ?? ''
  if (fileMode || mode === '120000') return mode
  return old === null || old.mode === '120000' ? '100644' : old.mode
}

function permissionsFor(mode: string, old: Side | null): number | null {
  if (old === null || old.permissions === null || mode === '120000' || old.mode === '120000') return null
  if (mode === old.mode) return old.permissions
  return mode === '100755' ? old.permissions | ((old.permissions & 0o444) >> 2) : old.permissions & ~0o111
}

function sideOf(
  contents: Map<string, Buffer>,
  mode: string,
  permissions: number | null,
  bytes: Buffer,
): Side {
  const content = hashOf(bytes)
  contents.set(content, bytes)
  return { mode, permissions, content }
}
