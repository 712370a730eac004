import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleRefs } from '../adapters/git/agent/bundle.ts'
import { readAgentRefs } from '../adapters/git/agent/read-refs.ts'
import { type NamedObject, unstored } from '../adapters/git/agent/stored.ts'
import { draft } from '../core/draft.ts'
import { KageError } from '../core/error.ts'
import type { EventDraft } from '../core/event.ts'
import { importWish, type WorkOfAgent } from './agent-branch.ts'
import { quarantineOf } from './agent-place.ts'
import { freePlace } from './park.ts'

/**
 * What only an agent's own refs and stash name; of a linked worktree its detached HEAD and the refs of that worktree alone.
 * Nothing where its git directory is gone.
 */
export async function unstoredRefs({ repository, agent }: WorkOfAgent): Promise<NamedObject[]> {
  if (agent.gitDir === null) return []
  const refs = await readAgentRefs(agent.gitDir)
  return refs === null ? [] : unstored(repository, refs)
}

/**
 * Stores what only an agent's own refs name as a bundle below `parkedRoot`; where its objects cannot be trusted, its git
 * directory is moved there whole.
 */
export async function parkRefs(parkedRoot: string, work: WorkOfAgent): Promise<EventDraft[]> {
  const named = await unstoredRefs(work)
  if (named.length === 0) return []
  const { repository, run, agent } = work
  const parked = (place: string): EventDraft[] => [
    draft('work.parked', run.id, agent.name, { path: '.git', kind: 'refs', place }),
  ]
  const directory = join(parkedRoot, `${run.id}-${agent.name}`)
  const quarantine = agent.gitKind === 'own' ? quarantineOf(agent.gitDir ?? '') : `${directory}.import`
  try {
    const bundle = freePlace(join(directory, 'refs.bundle'))
    await bundleRefs({ ...(await importWish(repository, run, agent)), quarantine }, named, bundle)
    return parked(bundle)
  } catch (thrown) {
    // The git directory of a linked worktree is the person's and holds no objects.
    if (!(thrown instanceof KageError) || agent.gitKind !== 'own') throw thrown
    const place = freePlace(join(directory, 'git'))
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await rename(agent.gitDir ?? '', place)
    return parked(place)
  }
}
