import { branchTip } from '../../adapters/git/agent/publish.ts'
import { isBranchName } from '../../adapters/git/repository/branch.ts'
import type { Repository } from '../../adapters/git/repository/repository.ts'
import { createBranch } from '../../adapters/git/worktree/worktree.ts'
import { isRun } from '../../core/agent/kind.ts'
import { KageError } from '../../core/error.ts'
import { agentId } from '../../core/id.ts'
import type { Oid } from '../../core/merge/change.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import { type ImportedTip, importTip, releasing, type WorkOfAgent, workCommit } from '../agent-branch.ts'
import { workNow } from '../agent-revision.ts'
import { keepBase } from '../bases.ts'
import type { Parts } from '../parts.ts'
import { findAgent } from '../subject.ts'
import { subjectOf } from './look.ts'

/** Makes a branch of an agent's work as it is now, else of its last capture. */
export async function branch(parts: Parts, params: PersonParams['branch']): Promise<Results['branch']> {
  const subject = await subjectOf(parts, params)
  const id = subject.agent === null ? subject.run.id : agentId(subject.run.id, subject.agent.name)
  const { run, agent } = findAgent(parts.kernel, null, id)
  const repository = await parts.repositories.ofRecord(run.repository)
  await requireName(params.name, run.id, agent.branch)
  const own = await parts.repositories.own(repository)
  await keepBase(own, repository, run)
  const { tree } = await workNow(parts, own, { run, agent })
  const work = { own, repository, run, agent }
  const { commit, release } = await workCommit(work, await tipFor(work), tree)
  await releasing(release, () => create(repository, params.name, commit))
  return { branch: params.name, commit }
}

async function create(repository: Repository, name: string, commit: Oid): Promise<void> {
  await createBranch(repository.place, { branch: name, base: commit }).catch((thrown: unknown) => {
    if (!(thrown instanceof KageError) || thrown.code !== 'KAGE_BRANCH_TAKEN') throw thrown
    throw new KageError('KAGE_BRANCH_TAKEN', thrown.message, 'Choose another name.')
  })
}

async function requireName(name: string, run: string, agentBranch: string): Promise<void> {
  if (name.startsWith('refs/')) {
    const short = name.replace(/^refs\/(heads\/)?/, '')
    throw new KageError('KAGE_USAGE', `"${name}" is a ref, not the name of a branch.`, `Name it ${short}.`)
  }
  const prefix = agentBranch.split(`${run}/`, 1)[0] ?? ''
  const reserved = prefix !== '' && name.startsWith(prefix)
  if (!reserved && (await isBranchName(name))) return
  const why = reserved ? `Branches below "${prefix}" are Kage’s own.` : `"${name}" is no name for a branch.`
  throw new KageError('KAGE_USAGE', why, 'Choose another name.')
}

/** Commits that cannot be imported now were perhaps imported before, with the last publication. */
async function tipFor(work: WorkOfAgent): Promise<ImportedTip> {
  const { repository, run, agent } = work
  if (agent.gitKind !== 'own') {
    const tip = isRun(agent) ? ((await branchTip(repository, agent.branch)) ?? run.base) : run.base
    return { tip, problem: null }
  }
  const imported = await importTip(work)
  return imported.tip === run.base
    ? { tip: agent.published?.tip ?? run.base, problem: imported.problem }
    : imported
}
