import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { evictGits } from '../adapters/git/command/kept-git.ts'
import { evictLooks } from '../adapters/git/worktree/kept-look.ts'
import { evictReader } from '../adapters/git/object/object-reader.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { bytesOf, listStore } from '../adapters/git/upkeep/listing.ts'
import { removeLeftovers, removeOld } from '../adapters/git/upkeep/remove-old.ts'
import { repack, type Repacked } from '../adapters/git/upkeep/repack.ts'
import { walkOf } from '../adapters/git/upkeep/roots.ts'
import { archivedOf } from '../core/archive/archive.ts'
import { partOf } from '../core/archive/past.ts'
import type { ArchivedRun } from '../core/archive/row.ts'
import type { Oid } from '../core/merge/change.ts'
import { faultOf, KageError } from '../core/error.ts'
import { hasStanding, type KeptObjects, keptObjects, objectsOfPast } from '../core/kept-objects.ts'
import { limit } from '../core/limit.ts'
import type { RepositoryRecord } from '../core/event.ts'
import type { Kernel } from './kernel.ts'
import { Lanes } from './lane.ts'
import type { Repositories } from './repositories.ts'
import type { Reviews } from './reviews.ts'
import type { UseGate } from './use-gate.ts'

export interface UpkeepParts {
  readonly kernel: Kernel
  readonly repositories: Repositories
  readonly reviews: Reviews
  /** Everything that works with objects that no ref keeps. */
  readonly gate: UseGate
  readonly log: (line: string) => void
}

/** Packs Kage's own repositories and removes from them what nothing needs any more, one repository at a time. */
export class Upkeep {
  readonly #parts: UpkeepParts
  readonly #lanes = new Lanes()
  readonly #planned = new Map<string, NodeJS.Timeout>()
  /** What landings of archived runs need, by the run and the event that archived it. */
  readonly #pasts = new Map<string, readonly Oid[]>()

  constructor(parts: UpkeepParts) {
    this.#parts = parts
  }

  /** Packs one repository now; answers with the bytes that this freed. */
  collect(repository: Repository): Promise<number> {
    return this.#lanes.run('', () => this.#collect(repository))
  }

  /** Packs one repository a little later in the background, where it has grown enough to be worth it. */
  plan(record: RepositoryRecord, delayMs: number = limit.upkeepDelayMs): void {
    if (this.#planned.has(record.key)) return
    const timer = setTimeout(() => {
      this.#planned.delete(record.key)
      void this.#background(record)
    }, delayMs).unref()
    this.#planned.set(record.key, timer)
  }

  async #background(record: RepositoryRecord): Promise<void> {
    try {
      const repository = await this.#parts.repositories.ofRecord(record)
      const own = await this.#parts.repositories.own(repository)
      const { packs, loose } = await listStore(join(own.directory, 'objects'))
      if (packs.length <= limit.upkeepPacks && loose.length <= limit.upkeepLoose) return
      const freed = await this.collect(repository)
      this.#parts.log(`repacked ${own.directory}: ${freed} bytes freed`)
    } catch (thrown) {
      this.#parts.log(`repacking ${record.key} failed: ${faultOf(thrown).message}`)
    }
  }

  async #collect(repository: Repository): Promise<number> {
    // What the lost events named is known to nobody: it stays where it is.
    if (Object.keys(this.#parts.kernel.state.reverted).length > 0)
      throw new KageError(
        'KAGE_STORE',
        'The store went back in time: nothing is removed from this repository.',
      )
    this.#pasts.clear()
    const own = await this.#parts.repositories.own(repository)
    const bytes = async (): Promise<number> => bytesOf(await listStore(join(own.directory, 'objects')))
    const before = await bytes()
    await removeLeftovers(own)
    for (let attempt = 0; attempt < limit.upkeepAttempts; attempt++) {
      const roots = await this.#rootsOf(repository)
      const repacked = await repack(own, repository, await walkOf(own, repository, roots))
      if (await this.#removeOld(own, repository, roots, repacked))
        return Math.max(0, before - (await bytes()))
    }
    throw new KageError('KAGE_TIMEOUT', 'What is kept changes all the time; nothing was removed.')
  }

  /** False where something is kept now that was not when the pack was begun. */
  #removeOld(own: Own, repository: Repository, roots: KeptObjects, repacked: Repacked): Promise<boolean> {
    return this.#parts.gate.change(async () => {
      const known = new Set([...roots.objects, ...roots.bases.map(({ commit }) => commit)])
      const now = await this.#rootsOf(repository)
      if (![...now.objects, ...now.bases.map(({ commit }) => commit)].every((oid) => known.has(oid)))
        return false
      await evictLooks()
      evictGits()
      evictReader(own)
      await removeOld(own, repacked)
      return true
    }, limit.upkeepWaitMs)
  }

  async #rootsOf({ key }: Repository): Promise<KeptObjects> {
    const { kernel, reviews } = this.#parts
    const landed: Oid[] = []
    for (const row of archivedOf(kernel.state.archive, key).filter(hasStanding))
      landed.push(...(await this.#landedIn(row)))
    const { objects, bases } = keptObjects(kernel.state, key)
    return { objects: [...objects, ...landed, ...reviews.treesOf(key)], bases }
  }

  /** Reads a run's events once; others have their turn meanwhile. */
  async #landedIn({ id, archived, repository }: ArchivedRun): Promise<readonly Oid[]> {
    const name = `${id} ${archived}`
    const known = this.#pasts.get(name)
    if (known !== undefined) return known
    await setImmediate()
    const past = partOf(this.#parts.kernel.stateWith(id), id)
    if (past === null)
      throw new KageError(
        'KAGE_STORE',
        `The events of ${id} are lost: nothing is removed from the repository of ${repository.root}.`,
      )
    const objects = objectsOfPast(past)
    this.#pasts.set(name, objects)
    return objects
  }
}
