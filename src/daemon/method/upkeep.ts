import { numberOfId } from '../../core/id.ts'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesOf, listStore } from '../../adapters/git/upkeep/listing.ts'
import { diskUsage } from '../../adapters/git/upkeep/usage.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import { archivedOf } from '../../core/archive/archive.ts'
import type { KnownRun } from '../../core/archive/row.ts'
import type { Parts } from '../parts.ts'

/** Packs Kage's own repository beside the person's, and removes from it what nothing needs any more. */
export async function gc(parts: Parts, { repo }: PersonParams['gc']): Promise<Results['gc']> {
  return { freedBytes: await parts.upkeep.collect(await parts.repositories.known(repo)) }
}

/** The size of Kage's own repository and of parked work; a run counts what its captures hold beside its base. */
export async function du(parts: Parts, { repo }: PersonParams['du']): Promise<Results['du']> {
  const repository = await parts.repositories.known(repo)
  const own = await parts.repositories.own(repository)
  const { runs: live, archive } = parts.kernel.state
  const runs: KnownRun[] = [
    ...archivedOf(archive, repository.key),
    ...Object.values(live).filter((run) => run.repository.key === repository.key),
  ].toSorted((one, other) => numberOfId(one.id) - numberOfId(other.id))
  const parked = new Map<string, number>()
  for (const run of runs) parked.set(run.id, await parkedBytes(parts, run))
  const sizes: { run: string; bytes: number }[] = []
  for (const run of runs) {
    const commits = run.agents.flatMap(({ capture }) => (capture === null ? [] : [capture.commit]))
    const stored = await diskUsage(own, run.base, commits)
    sizes.push({ run: run.id, bytes: stored + (parked.get(run.id) ?? 0) })
  }
  const all = [...parked.values()].reduce((sum, bytes) => sum + bytes, 0)
  return { totalBytes: bytesOf(await listStore(join(own.directory, 'objects'))) + all, runs: sizes }
}

async function parkedBytes(parts: Parts, run: KnownRun): Promise<number> {
  const places = run.agents.map(({ name }) => join(parts.directories.data, 'parked', `${run.id}-${name}`))
  let sum = 0
  for (const place of places) {
    const entries = await readdir(place, { recursive: true, withFileTypes: true }).catch(() => [])
    for (const entry of entries)
      if (entry.isFile()) sum += (await lstat(join(entry.parentPath, entry.name))).size
  }
  return sum
}
