import { blobSizes, readBlobs } from '../../adapters/git/object/blob.ts'
import { entriesAt } from '../../adapters/git/object/entries.ts'
import type { Own } from '../../adapters/git/repository/own.ts'
import { decideDecisions, type DecisionsFacts } from '../../core/decide/decisions.ts'
import { KageError } from '../../core/error.ts'
import type { Decision, Entry, Oid, TreePath } from '../../core/merge/change.ts'
import { lineTable } from '../../core/merge/lines.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { RunState } from '../../core/state.ts'
import { capturedCandidates } from '../candidates.ts'
import type { Parts } from '../parts.ts'
import { requireOwn } from '../review-place.ts'
import { subjectToChange } from './look.ts'

/** Notes what the person decides in a review: durable, and nothing lands before they say so. */
export async function decide(parts: Parts, params: PersonParams['decide']): Promise<Results['decide']> {
  const { run } = await subjectToChange(parts, params)
  const repository = await parts.repositories.known(params.repo ?? run.repository.root)
  requireOwn(run, repository)
  const { root: target } = repository
  const own = await parts.repositories.own(repository)
  const facts = await factsOf(own, run, params.added)
  const { command, removed, added, kept = [], unkept = [] } = params
  return parts.kernel.execute({
    command,
    decide: (state) => decideDecisions(state, { run: run.id, target, removed, added, kept, unkept }, facts),
    reply: ({ seq }) => ({ seq }),
  })
}

async function factsOf(own: Own, run: RunState, added: readonly Decision[]): Promise<DecisionsFacts> {
  const paths = [...new Set(added.flatMap(pathsOf))]
  refuseUnspelled(paths)
  const base = await entriesAt(own, run.base, paths)
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

function refuseUnspelled(paths: readonly TreePath[]): void {
  if (paths.some((path) => /\p{Surrogate}/u.test(path.replaceAll(/[\udc80-\udcff]/gu, ''))))
    throw new KageError('KAGE_PATH_INVALID', 'A path arrived that no bytes spell.')
}
