import { blobSizes, readBlobs } from '../../adapters/git/blob.ts'
import type { Own } from '../../adapters/git/own.ts'
import { parentsOf, treePathBytes } from '../../adapters/git/tree-path.ts'
import { directoryMode, readDirectories } from '../../adapters/git/tree.ts'
import { decideDecisions, type DecisionsFacts } from '../../core/decide/decisions.ts'
import { KageError } from '../../core/error.ts'
import { pendingOf } from '../../core/landing.ts'
import type { Decision, Entry, Oid, TreePath } from '../../core/merge/change.ts'
import { lineTable } from '../../core/merge/lines.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { RunState } from '../../core/state.ts'
import { capturedCandidates } from '../candidates.ts'
import type { Parts } from '../parts.ts'
import { requireOwn } from '../review-place.ts'
import { subjectOf } from './look.ts'

/** Notes what the person decides in a review: durable, and nothing lands before they say so. */
export async function decide(parts: Parts, params: PersonParams['decide']): Promise<Results['decide']> {
  const { run } = await subjectOf(parts, params)
  const repository = await parts.repositories.known(params.repo ?? run.repository.root)
  requireOwn(run, repository)
  const { root: target } = repository
  const own = await parts.repositories.own(repository)
  const facts = await factsOf(own, run, params.added)
  const { command, removed, added } = params
  await parts.kernel.execute({
    command,
    decide: (state) => decideDecisions(state, { run: run.id, target, removed, added }, facts),
    reply: () => ({}),
  })
  return { pending: pendingOf(parts.kernel.state, run.id, target) }
}

async function factsOf(own: Own, run: RunState, added: readonly Decision[]): Promise<DecisionsFacts> {
  const base = await baseEntries(own, run.base, [...new Set(added.flatMap(pathsOf))])
  const texts = added.flatMap((decision) => {
    if (decision.kind === 'unit') return []
    return textOf(base.get(decision.path) ?? decision.base)
  })
  const entries = added.flatMap((decision) => (decision.kind === 'unit' ? textOf(decision.entry) : []))
  const read = await readBlobs(own, [...(await blobSizes(own, texts)).keys()])
  return {
    agents: run.agents.map(({ name }) => name),
    candidates: await capturedCandidates(own, run),
    base,
    lines: new Map([...read].map(([oid, text]) => [oid, lineTable(text).offsets.length - 1])),
    blobs: new Set((await blobSizes(own, entries)).keys()),
  }
}

function pathsOf(decision: Decision): TreePath[] {
  return decision.kind === 'unit' && decision.to !== undefined
    ? [decision.path, decision.to]
    : [decision.path]
}

function textOf(entry: Entry | null | undefined): Oid[] {
  return !entry || entry.oid === '' || entry.mode === '160000' ? [] : [entry.oid]
}

/** What a commit holds at some paths; refuses what no tree can hold. */
async function baseEntries(own: Own, commit: Oid, paths: readonly TreePath[]): Promise<Map<TreePath, Entry>> {
  const names = new Map(paths.map((path) => [path, bytesOf(path)]))
  const directories = await readDirectories(
    own,
    commit,
    new Set([...names.values()].flatMap(parentsOf).concat('')),
  )
  const entries = new Map<TreePath, Entry>()
  for (const [path, bytes] of names) {
    const slash = bytes.lastIndexOf('/')
    const entry = directories.get(bytes.slice(0, Math.max(slash, 0)))?.get(bytes.slice(slash + 1))
    if (entry !== undefined && entry.mode !== directoryMode) entries.set(path, entry)
  }
  return entries
}

function bytesOf(path: TreePath): string {
  if (!/\p{Surrogate}/u.test(path.replaceAll(/[\udc80-\udcff]/gu, ''))) return treePathBytes(path)
  throw new KageError('KAGE_PATH_INVALID', 'A path arrived that no bytes spell.')
}
