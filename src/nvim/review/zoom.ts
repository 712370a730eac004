import { KageError } from '../../core/error.ts'
import type { ByteString, Entry } from '../../core/merge/change.ts'
import { splitLines } from '../../core/merge/lines.ts'
import type { Desk } from './desk.ts'
import { currentRegion, makersOf } from './model.ts'
import { previewed } from './position.ts'
import { shownLine } from './shown-text.ts'

/** Opens the base and the previewed variant side by side in Neovim's own diff, in a tab page of its own. */
export async function zoom(desk: Desk): Promise<void> {
  const shown = currentRegion(desk.review)
  const variant = previewed(desk.review)
  if (shown === null || variant === null)
    throw new KageError('KAGE_CANDIDATE_MISSING', 'There is no variant here to compare.')
  const { region, id } = shown
  const base = region.kind === 'text' ? region.baseText : await textOf(desk, region.base)
  const made = 'text' in variant ? variant.text : await textOf(desk, variant.entry)
  const sides = [
    { name: `${id} base`, lines: linesOf(base) },
    { name: `${id} ${makersOf(desk.review, variant)}`, lines: linesOf(made) },
  ]
  await desk.context.editor.ask('review', 'zoom', region.path, sides)
}

async function textOf(desk: Desk, entry: Entry | null): Promise<ByteString> {
  if (entry === null || entry.mode === '160000') return ''
  if (!desk.review.texts.has(entry.oid)) await desk.fetch([entry.oid])
  return desk.review.texts.get(entry.oid) ?? ''
}

function linesOf(text: ByteString): string[] {
  return splitLines(text).map(shownLine)
}
