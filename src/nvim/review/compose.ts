import { wantedOf } from '../../core/landing.ts'
import { KageError } from '../../core/error.ts'
import type { ByteString, Decision, FileEdit, Oid, TreePath } from '../../core/merge/change.ts'
import { compose } from '../../core/merge/compose.ts'
import { decidedFacet } from '../../core/merge/facet.ts'
import { showPath } from '../../core/merge/path-name.ts'
import { splitLines } from '../../core/merge/lines.ts'
import type { LandParams } from '../../core/protocol/params.ts'
import { blobName } from './blob-name.ts'
import { type Review } from './model.ts'
import { atomsOf } from './outcome.ts'

/** One file of the result, as the whole is previewed. */
export interface ResultFile {
  /** In the base, or of a new file. */
  readonly path: TreePath
  /** Where it is moved. */
  readonly to: TreePath | null
  readonly change: 'added' | 'changed' | 'removed' | 'renamed'
  /** Lines; null where the content has none or is not fetched. */
  readonly added: number | null
  readonly deleted: number | null
  readonly sources: readonly string[]
  /** Whether some of it is not landed yet. */
  readonly pending: boolean
}

/** The contents that composing all that is decided needs and that are not fetched yet. */
export function missingTexts(review: Review): Oid[] {
  const wanted = new Set(wantedOf(review).flatMap((each) => (each.kind === 'atom' ? [each.base.oid] : [])))
  return [...wanted].filter((oid) => !review.texts.has(oid))
}

/** The files that all decisions make, each with the name of its content; every text must be fetched. */
export function composedFiles(review: Review): LandParams['files'] {
  return editsOf(review, wantedOf(review)).map((edit) => ({
    path: edit.path,
    blob: blobOf(edit, review.objectFormat),
  }))
}

/** What the decisions make of one path's text; null where it is removed, is no text of its own, or is not fetched. */
export function composedText(review: Review, path: TreePath): ByteString | null {
  const ofPath = wantedOf(review).filter((decision) => decision.path === path)
  const missing = ofPath.some((each) => each.kind === 'atom' && !review.texts.has(each.base.oid))
  if (missing) return null
  const edit = editsOf(review, ofPath).find((each) => !('removed' in each))
  if (edit === undefined || 'removed' in edit) return null
  return 'content' in edit ? edit.content : (review.texts.get(edit.oid) ?? null)
}

/** All files of the result, in order of path, as what is decided tells without composing them. */
export function resultFiles(review: Review): ResultFile[] {
  const byPath = Map.groupBy(wantedOf(review), ({ path }) => path)
  const open = new Set([...review.pending.removed, ...review.pending.added].map(({ path }) => path))
  const taken = review.pending.removed.filter(({ path }) => !byPath.has(path)).map(({ path }) => path)
  const files = [...byPath].map(([path, decisions]) => ({
    ...resultFile(review, path, decisions),
    pending: open.has(path),
  }))
  return [...files, ...[...new Set(taken)].map(takenBack)]
}

function takenBack(path: TreePath): ResultFile {
  return { path, to: null, change: 'changed', added: 0, deleted: 0, sources: ['base'], pending: true }
}

function resultFile(
  review: Review,
  path: TreePath,
  decisions: readonly Decision[],
): Omit<ResultFile, 'pending'> {
  const sources = [...new Set(decisions.flatMap(({ source }) => (source.length === 0 ? ['you'] : source)))]
  const units = decisions.flatMap((decision) => (decision.kind === 'unit' ? [decision] : []))
  const to = decidedFacet(units, 'path')?.to ?? null
  const unit = decidedFacet(units, 'content')
  const change = to === null ? 'changed' : 'renamed'
  if (unit === null) return { path, to, change, ...countsOf(decisions), sources }
  const { entry, base, content } = unit
  if (entry === null) return { path, to, change: 'removed', added: null, deleted: null, sources }
  if (base !== null) return { path, to, change, added: null, deleted: null, sources }
  const text = content ?? review.texts.get(entry.oid)
  const lines = countsOf(decisions)
  const grown = (lines.added ?? 0) - (lines.deleted ?? 0)
  const added = typeof text === 'string' ? splitLines(text).length + grown : null
  return { path, to, change: 'added', added, deleted: null, sources }
}

/** How many lines atoms add and delete; null where there are none. */
function countsOf(decisions: readonly Decision[]): Pick<ResultFile, 'added' | 'deleted'> {
  const atoms = atomsOf(decisions)
  if (atoms.length === 0) return { added: null, deleted: null }
  return {
    added: atoms.reduce((sum, { text }) => sum + splitLines(text).length, 0),
    deleted: atoms.reduce((sum, { start, end }) => sum + end - start, 0),
  }
}

function editsOf(review: Review, decisions: readonly Decision[]): FileEdit[] {
  return compose(decisions, ({ oid }) => {
    const text = review.texts.get(oid)
    if (typeof text === 'string') return text
    if (text === undefined) throw new Error(`the text ${oid} was not fetched`)
    const path = decisions.find(({ base }) => base?.oid === oid)?.path ?? oid
    throw new KageError(
      'KAGE_LIMIT',
      `${showPath(path)} is too large to be composed here.`,
      'Land it by `kage pick`.',
    )
  })
}

function blobOf(edit: FileEdit, objectFormat: Review['objectFormat']): Oid | null {
  if ('removed' in edit) return null
  return 'oid' in edit ? edit.oid : blobName(edit.content, objectFormat)
}
