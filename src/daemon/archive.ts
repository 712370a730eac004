import { setTimeout as pause } from 'node:timers/promises'
import { holdArchived, runsWithBase } from '../adapters/git/agent/base.ts'
import { rowIn } from '../core/archive/past.ts'
import { decideArchive, isCleaned } from '../core/decide/archive.ts'
import type { RepositoryRecord } from '../core/event.ts'
import { limit } from '../core/limit.ts'
import { configurationFor } from './configuration.ts'
import type { Parts } from './parts.ts'

type Places = Pick<Parts, 'kernel' | 'repositories' | 'directories' | 'environment' | 'gate'>

/** Archives every run that is due, some in each turn. */
export async function archiveDue(parts: Places): Promise<void> {
  const { kernel, gate } = parts
  const days = new Map<string, number | null>()
  for (const record of liveRepositories(parts)) days.set(record.key, await archiveDays(parts, record))
  const archiveSome = async (): Promise<number> => {
    const events = decideArchive(kernel.state, { days, nowMs: Date.now() }, limit.archivedAtOnce)
    await kernel.append(events)
    return events.length
  }
  // Between all else: whoever works with a run has it until they are through.
  while ((await gate.change(archiveSome, limit.upkeepWaitMs)) > 0) await pause(limit.archivePauseMs)
}

function liveRepositories({ kernel }: Pick<Parts, 'kernel'>): RepositoryRecord[] {
  const records = Object.values(kernel.state.runs).map(({ repository }) => repository)
  return [...new Map(records.map((record) => [record.key, record])).values()]
}

/** As configured where the repository is; as by default where it is not to be found any more. */
async function archiveDays(parts: Places, record: RepositoryRecord): Promise<number | null> {
  const repository = await parts.repositories.ofRecord(record).catch(() => null)
  const configured =
    repository === null
      ? null
      : await configurationFor(parts, repository, parts.environment).catch(() => null)
  return configured === null ? limit.archiveDays : configured.config.retention.archiveDays
}

/** Holds the bases of a repository's cleaned and archived runs together; from those of other runs agents still borrow. */
export async function releaseArchived(
  { kernel, repositories, gate }: Places,
  record: RepositoryRecord,
): Promise<void> {
  const repository = await repositories.ofRecord(record)
  const ids = await runsWithBase(repository)
  const rows = ids.flatMap((id) => (kernel.isArchived(id) ? (rowIn(kernel.state, id) ?? []) : []))
  const cleaned = rows.filter((row) => row.repository.key === record.key && isCleaned(row))
  if (cleaned.length === 0) return
  const own = await repositories.own(repository)
  await gate.use(() => holdArchived(own, repository, cleaned))
}
