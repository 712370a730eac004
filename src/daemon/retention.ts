import { endedBefore } from '../core/decide/clean.ts'
import { faultOf } from '../core/error.ts'
import { limit } from '../core/limit.ts'
import type { RunState } from '../core/state.ts'
import { configurationFor } from './configuration.ts'
import { forgetBeyond } from './method/undo.ts'
import type { Parts } from './parts.ts'
import { branchesOf, removeBranches } from './run-branches.ts'

/** Keeps to `[retention]` and packs what has grown, soon and every hour, for as long as the daemon lives. */
export function startRetention(parts: Parts, log: (line: string) => void): void {
  const keep = (): void =>
    void keepRetention(parts, Date.now()).catch((thrown: unknown) =>
      log(`retention failed: ${faultOf(thrown).message}`),
    )
  setTimeout(keep, limit.upkeepDelayMs).unref()
  setInterval(keep, limit.retentionEveryMs).unref()
}

/** Deletes branches of cleaned runs that have landed and are older than configured, and packs repositories that have grown. */
export async function keepRetention(parts: Parts, nowMs: number): Promise<void> {
  const runs = Object.values(parts.kernel.state.runs)
  for (const record of new Map(runs.map(({ repository }) => [repository.key, repository])).values()) {
    parts.upkeep.plan(record)
    const repository = await parts.repositories.ofRecord(record).catch(() => null)
    if (repository === null) continue
    await forgetBeyond(parts, await parts.repositories.own(repository), repository)
    const { config } = await configurationFor(parts, repository, parts.environment)
    const days = config.retention.branchesDays
    if (days === null) continue
    for (const run of runs.filter(({ repository: { key } }) => key === record.key))
      if (endedBefore(run, days, nowMs) && run.agents.every(isCleaned)) await removeLanded(parts, run)
  }
}

async function removeLanded(parts: Parts, run: RunState): Promise<void> {
  await parts.gate.use(async () => removeBranches(parts, await branchesOf(parts, run), false))
}

function isCleaned({ worktreeState }: RunState['agents'][number]): boolean {
  return worktreeState === 'removed' || worktreeState === 'absent'
}
