import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { baseRef, heldBase, holdBase, isHeldArchived } from '../adapters/git/agent/base.ts'
import { copyBase } from '../adapters/git/agent/copy-base.ts'
import type { Own } from '../adapters/git/repository/own.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import type { RunState } from '../core/state.ts'

/**
 * Makes sure that the base of a run outlives whatever the person's git collects: a ref of theirs holds it, else its tree is
 * copied into Kage's own repository. Runs without agents' stores, and those of earlier versions, get the ref here.
 */
export function keepBase(own: Own, repository: Repository, run: RunState): Promise<void> {
  const key = `${own.directory} ${run.id}`
  const keeping = underway.get(key) ?? keep(own, repository, run).finally(() => underway.delete(key))
  underway.set(key, keeping)
  return keeping
}

const underway = new Map<string, Promise<void>>()

async function keep(own: Own, repository: Repository, run: RunState): Promise<void> {
  const { id, base } = run
  if ((await isHeld(repository, id)) || (await isHeldArchived(repository, base))) return
  const isNew = run.git !== 'own'
  if (isNew && (await holdBase(own, repository, { run: id, base, tips: [] }))) return
  await copyBase(own, repository, id, base)
}

async function isHeld(repository: Repository, run: string): Promise<boolean> {
  return existsSync(join(repository.commonDir, baseRef(run))) || (await heldBase(repository, run)) !== null
}
