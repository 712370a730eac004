import { enumerateCandidates } from '../adapters/git/diff/enumerate.ts'
import { KageError } from '../core/error.ts'
import { agentId } from '../core/id.ts'
import type { Candidate, Decision, FileEdit } from '../core/merge/change.ts'
import { compose } from '../core/merge/compose.ts'
import { exclusions } from '../core/merge/decision.ts'
import { linesInWords } from '../core/merge/line-words.ts'
import { showPath } from '../core/merge/path-name.ts'
import { comparePaths } from '../core/merge/path-order.ts'
import { isSameThere } from '../core/merge/stale.ts'
import type { LandParams } from '../core/protocol/params.ts'
import { blobId } from './blob-id.ts'
import { readerOf, type Review } from './reviews.ts'

type Compared = Pick<Review, 'run' | 'own' | 'candidates'>

/** Refuses unless the decisions compose to the very files that were shown. */
export async function requireShown(
  { own }: Compared,
  decisions: readonly Decision[],
  files: LandParams['files'],
): Promise<void> {
  const excluded = exclusions(decisions)
  if (excluded !== null) throw new KageError(excluded.code, excluded.message, excluded.hint)
  const edits = compose(decisions, await readerOf(own, [], decisions))
  const composed = new Map(edits.map((edit) => [edit.path, blobOf(edit, own.objectFormat)]))
  const shown = new Map(files.map(({ path, blob }) => [path, blob]))
  const paths = [...new Set([...composed.keys(), ...shown.keys()])].toSorted(comparePaths)
  const path = paths.find((each) => composed.get(each) !== shown.get(each))
  if (path === undefined) return
  throw new KageError('KAGE_REVIEW_DIFFERS', `${showPath(path)} would not become what was shown.`)
}

/** Refuses where an agent has gone on, and what it had made at a decision is not as it was shown. */
export async function requireUnchanged(
  compared: Compared,
  decisions: readonly Decision[],
  trees: LandParams['trees'],
): Promise<void> {
  const { run, candidates } = compared
  for (const now of candidates) {
    const { agent } = now
    const shownTree = Object.hasOwn(trees, agent) ? trees[agent] : undefined
    const ofAgent = decisions.filter(({ source }) => source.includes(agent))
    if (now.tree === shownTree || ofAgent.length === 0) continue
    const shown = shownTree === undefined ? null : await candidateAt(compared, agent, shownTree)
    const changed = ofAgent.find((decision) => shown === null || !isSameThere(decision, shown, now))
    if (changed === undefined) continue
    const where = showPath(changed.path) + linesOf(changed)
    throw new KageError(
      'KAGE_VARIANT_STALE',
      `${agentId(run.id, agent)} has changed ${where} since it was shown. Nothing was changed.`,
    )
  }
}

/** What an agent's candidate was by its tree; null where that is not known any more. */
async function candidateAt({ own, run }: Compared, agent: string, tree: string): Promise<Candidate | null> {
  const found = await enumerateCandidates(own, run.base, [{ agent, tree }]).catch((thrown: unknown) => {
    if (thrown instanceof KageError && thrown.code === 'KAGE_GIT_FAILED') return []
    throw thrown
  })
  return found[0] ?? null
}

function linesOf(decision: Decision): string {
  if (decision.kind === 'unit') return ''
  return ` (${linesInWords(decision.atom)})`
}

function blobOf(edit: FileEdit, objectFormat: 'sha1' | 'sha256'): string | null {
  if ('removed' in edit) return null
  return 'content' in edit ? blobId(edit.content, objectFormat) : edit.oid
}
