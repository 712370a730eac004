import type { UnwrittenText } from '../adapters/git/worktree/overlay.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { resolveRevision } from '../adapters/git/repository/revision.ts'
import { KageError } from '../core/error.ts'
import { limit } from '../core/limit.ts'
import type { Oid } from '../core/merge/change.ts'
import { showPath } from '../core/merge/path-name.ts'
import type { SpawnParams } from '../core/protocol/params.ts'
import type { Parts } from './parts.ts'
import { requireObjects } from './partial-clone.ts'
import { baseWithChanges } from './person-tree.ts'

/** The commit that a run's agents start from. */
export interface RunBase {
  readonly base: Oid
  readonly warnings: readonly string[]
}

/** Finds or makes the commit that a run starts from: a revision, or the person's work as it is, unwritten texts included. */
export async function baseOfRun(parts: Parts, params: SpawnParams, repository: Repository): Promise<RunBase> {
  const texts = params.buffers ?? []
  if ((params.withChanges || texts.length > 0) && params.base !== null) {
    throw new KageError(
      'KAGE_USAGE',
      '--with-changes starts from your worktree, --base from a revision: name one.',
    )
  }
  refuseTooMuch(texts)
  const head = await resolveRevision(repository, params.base ?? 'HEAD').catch((thrown: unknown) => {
    if (params.base !== null || !(thrown instanceof KageError) || thrown.code !== 'KAGE_REVISION_UNKNOWN')
      throw thrown
    throw new KageError('KAGE_REPOSITORY_EMPTY', `${repository.root} has no commit yet.`)
  })
  await requireObjects(parts, repository, head)
  if (!params.withChanges && texts.length === 0) return { base: head, warnings: [] }
  const { commit, ignored } = await baseWithChanges(parts, repository, head, texts)
  return {
    base: commit,
    warnings: ignored.map((path) => `${showPath(path)} is ignored by git: agents do not see its buffer.`),
  }
}

function refuseTooMuch(texts: readonly UnwrittenText[]): void {
  const bytes = texts.reduce((sum, text) => sum + text.bytes.length, 0)
  if (texts.length <= limit.buffersPerRun && bytes <= limit.buffersBytes) return
  throw new KageError(
    'KAGE_LIMIT',
    `${texts.length} buffers of ${bytes} bytes are too much: ${limit.buffersPerRun} of ${limit.buffersBytes} are the most.`,
    'Write them first.',
  )
}
