import { wantedOf } from '../../core/landing.ts'
import { KageError } from '../../core/error.ts'
import type { AtomDecision, ByteString, Decision, FileEdit, Oid, TreePath } from '../../core/merge/change.ts'
import { compose } from '../../core/merge/compose.ts'
import { showPath } from '../../core/merge/path-name.ts'
import { splitLines } from '../../core/merge/lines.ts'
import type { LandParams } from '../../core/protocol/params.ts'
import { blobName } from './blob-name.ts'
import { type Review } from './model.ts'

/** One file of the result, as the whole is previewed. */
export interface ResultFile {
  readonly path: TreePath
  readonly change: 'added' | 'changed' | 'removed'
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
  const [edit] = editsOf(review, ofPath)
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
  return { path, change: 'changed', added: 0, deleted: 0, sources: ['base'], pending: true }
}

function resultFile(
  review: Review,
  path: TreePath,
  decisions: readonly Decision[],
): Omit<ResultFile, 'pending'> {
  const sources = [...new Set(decisions.flatMap(({ source }) => (source.length === 0 ? ['you'] : source)))]
  const unit = decisions.find((decision) => decision.kind === 'unit')
  if (unit === undefined) {
    const atoms = decisions.filter((decision): decision is AtomDecision => decision.kind === 'atom')
    const added = atoms.reduce((sum, { atom }) => sum + splitLines(atom.text).length, 0)
    const deleted = atoms.reduce((sum, { atom }) => sum + atom.end - atom.start, 0)
    return { path, change: 'changed', added, deleted, sources }
  }
  const { entry, base, content } = unit
  const text = content ?? (entry === null ? '' : review.texts.get(entry.oid))
  const added = typeof text === 'string' ? splitLines(text).length : null
  const change = entry === null ? 'removed' : base === null ? 'added' : 'changed'
  return { path, change, added: change === 'added' ? added : null, deleted: null, sources }
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
