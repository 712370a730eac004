import { setTimeout as pause } from 'node:timers/promises'
import { watchHead } from '../../adapters/git/repository/head-watch.ts'
import { limit } from '../../core/limit.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { Parts } from '../parts.ts'
import { snapshotOfPerson } from '../person-tree.ts'
import { reviewPlace } from '../review-place.ts'

/**
 * Answers with the tree of the person's worktree as soon as it is another than the one they know, looked at whenever git
 * writes something there; after a while also where it is the same.
 */
export async function moved(parts: Parts, params: PersonParams['moved']): Promise<Results['moved']> {
  const { repository } = await reviewPlace(parts, params)
  const own = await parts.repositories.own(repository)
  const ended = new AbortController()
  const timer = setTimeout(() => ended.abort(), limit.movedWaitMs)
  let written = Promise.withResolvers<void>()
  const stop = watchHead(repository, () => written.resolve())
  ended.signal.addEventListener('abort', () => written.resolve())
  try {
    for (;;) {
      const { tree } = await snapshotOfPerson(parts, repository, own)
      if (tree !== params.known || ended.signal.aborted) return { tree }
      await written.promise
      // What git does comes in several writes; they are looked at once.
      await pause(limit.movedGatherMs)
      written = Promise.withResolvers<void>()
      if (ended.signal.aborted) written.resolve()
    }
  } finally {
    clearTimeout(timer)
    stop()
  }
}
