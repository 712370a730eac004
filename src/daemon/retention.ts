import { endedBefore } from '../core/decide/clean.ts'
import { faultOf } from '../core/error.ts'
import { limit } from '../core/limit.ts'
import { archivedOf } from '../core/archive/archive.ts'
import type { KnownAgent } from '../core/archive/row.ts'
import type { RepositoryRecord } from '../core/event.ts'
import type { State } from '../core/state.ts'
import { archiveDue, releaseArchived } from './archive.ts'
import { configurationFor } from './configuration.ts'
import { forgetBeyond } from './method/undo.ts'
import type { Parts } from './parts.ts'
import { branchesOf, branchNames, removeBranches } from './run-branches.ts'

/** Keeps to `[retention]` and packs what has grown, soon and every hour, for as long as the daemon lives. */
export function startRetention(parts: Parts, log: (line: string) => void): void {
  const archive = (): void =>
    void archiveRuns(parts, log).catch((thrown: unknown) =>
      log(`archiving failed: ${faultOf(thrown).message}`),
    )
  setTimeout(archive, limit.archiveDelayMs).unref()
  setInterval(archive, limit.retentionEveryMs).unref()
  const keep = (): void =>
    void keepRetention(parts, Date.now()).catch((thrown: unknown) =>
      log(`retention failed: ${faultOf(thrown).message}`),
    )
  setTimeout(keep, limit.upkeepDelayMs).unref()
  setInterval(keep, limit.retentionEveryMs).unref()
}

/** Archives what is due, and removes the refs of the person's that held the bases of cleaned runs. */
async function archiveRuns(parts: Parts, log: (line: string) => void): Promise<void> {
  await archiveDue(parts)
  for (const { record } of Object.values(parts.kernel.state.repositories)) {
    if (record === null) continue
    await releaseArchived(parts, record).catch((thrown: unknown) =>
      log(`bases of archived runs in ${record.root} were kept: ${faultOf(thrown).message}`),
    )
  }
}

/** Deletes branches of cleaned runs that have landed and are older than configured, and packs repositories that have grown. */
export async function keepRetention(parts: Parts, nowMs: number): Promise<void> {
  for (const record of repositoriesOf(parts.kernel.state)) {
    parts.upkeep.plan(record)
    const repository = await parts.repositories.ofRecord(record).catch(() => null)
    if (repository === null) continue
    await forgetBeyond(parts, await parts.repositories.own(repository), repository)
    const { config } = await configurationFor(parts, repository, parts.environment)
    const days = config.retention.branchesDays
    if (days === null) continue
    const names = await branchNames(repository)
    const { runs, archive } = parts.kernel.state
    const live = Object.values(runs).filter(({ repository: { key } }) => key === record.key)
    for (const { id, agents } of [...archivedOf(archive, record.key), ...live]) {
      const isOver = endedBefore({ agents }, days, nowMs) && agents.every(isCleaned)
      if (isOver && agents.some(({ branch }) => names.has(branch))) await removeLanded(parts, id)
    }
  }
}

function repositoriesOf({ runs, repositories }: State): RepositoryRecord[] {
  const records = Object.values(runs).map(({ repository }) => repository)
  const archived = Object.values(repositories).flatMap(({ record }) => record ?? [])
  return [...new Map([...archived, ...records].map((record) => [record.key, record])).values()]
}

async function removeLanded(parts: Parts, id: string): Promise<void> {
  await parts.gate.use(async () => {
    const run = parts.kernel.stateWith(id).runs[id]
    if (run !== undefined) await removeBranches(parts, await branchesOf(parts, run), false)
  })
}

function isCleaned({ worktreeState }: KnownAgent): boolean {
  return worktreeState === 'removed' || worktreeState === 'absent'
}
