import { readAgentRefs } from '../adapters/git/agent/read-refs.ts'
import { branchTip } from '../adapters/git/agent/publish.ts'
import { changedBetween } from '../adapters/git/diff/changed.ts'
import { commitTree } from '../adapters/git/object/commit-tree.ts'
import { pinCommit } from '../adapters/git/object/pin.ts'
import { draft } from '../core/draft.ts'
import type { Capture, EventDraft } from '../core/event.ts'
import type { Oid } from '../core/merge/change.ts'
import { type ImportedTip, importTip, publish, tipOf, type WorkOfAgent } from './agent-branch.ts'
import { captureName } from './candidates.ts'

/**
 * The candidate of an agent whose worktree is gone: the tip of its commits, else its last capture with anything in it. With
 * neither its work is lost, and that is said.
 */
export async function recover(work: WorkOfAgent): Promise<EventDraft[]> {
  const { run, agent } = work
  const imported = await committedTip(work)
  if (imported !== null) {
    const capture = await captureOfCommit(work, imported.tip)
    const published = agent.gitKind === 'own' ? await publish(work, imported, capture.tree) : []
    return [draft('candidate.captured', run.id, agent.name, capture), ...published]
  }
  if (agent.capture !== null && agent.capture.changed.files > 0)
    return [draft('candidate.captured', run.id, agent.name, { ...agent.capture, final: true })]
  const message = 'its worktree is gone and it left no commit'
  return [draft('candidate.lost', run.id, agent.name, { message })]
}

/** The tip of the agent's commits; null where it made none that could be had. */
async function committedTip(work: WorkOfAgent): Promise<ImportedTip | null> {
  const { run, agent } = work
  const imported = agent.gitKind === 'own' ? await importTip(work) : await linkedTip(work)
  if (imported.tip !== run.base) return imported
  const last = agent.published?.tip ?? run.base
  return last === run.base ? null : { tip: last, problem: imported.problem }
}

async function linkedTip({ repository, run, agent }: WorkOfAgent): Promise<ImportedTip> {
  const refs = agent.gitDir === null ? null : await readAgentRefs(agent.gitDir)
  const detached = refs?.branch === null ? tipOf(refs, agent) : null
  const tip = detached ?? (await branchTip(repository, agent.branch)) ?? run.base
  return { tip, problem: null }
}

async function captureOfCommit({ own, run, agent }: WorkOfAgent, tip: Oid): Promise<Capture> {
  const tree = await commitTree(own, tip)
  const { changed } = await changedBetween(own, run.base, tree)
  const ref = `refs/kage/snapshots/${captureName(run, agent)}`
  const commit = await pinCommit(own, { ref, tree, base: run.base })
  return { tree, commit, changed, final: true, source: 'commits' }
}
