import { wantedOf } from '../../core/landing.ts'
import { KageError } from '../../core/error.ts'
import type { ByteString, TreePath } from '../../core/merge/change.ts'
import type { RegionView } from '../../core/merge/region-view.ts'
import { decodeUtf8, encodeUtf8 } from '../../core/merge/utf8.ts'
import type { Desk } from './desk.ts'
import { currentRegion } from './model.ts'
import { atomsOf, decisionsByRegion, textOf } from './outcome.ts'
import { advanced, previewed } from './position.ts'
import { takeEdited } from './take.ts'

/** What Lua has of a scratch buffer that was written. */
interface Written {
  readonly key: string
  readonly lines: readonly string[]
}

/** What a text is edited for: a region, by its key, or something in conflict, by its id and the key of its sides. */
export type EditSubject =
  | { readonly region: string }
  | { readonly conflict: { readonly id: string; readonly key: string } }

/** Opens the region's text in a scratch buffer: as it is decided, else as the previewed variant has it. */
export async function openEdit(desk: Desk): Promise<void> {
  const shown = currentRegion(desk.review)
  if (shown === null) return
  const { region } = shown
  const text = await textToEdit(desk, region)
  if (await editText(desk, { region: region.key }, { text, path: region.path, title: shown.id })) return
  throw new KageError(
    'KAGE_CHOICE_INVALID',
    'That text is not UTF-8: it can be taken, but not be edited here.',
    'Take a variant, or edit the file after landing.',
  )
}

/** Takes a text that was written for a region. */
export async function takeText(desk: Desk, region: string, text: ByteString): Promise<void> {
  await desk.take((review) => takeEdited(review, region, text), advanced)
}

/** The text of the scratch buffer that was written first, with what it is for; null where none was. */
export async function writtenText(desk: Desk): Promise<{ subject: EditSubject; text: ByteString } | null> {
  const written = (await desk.context.editor.ask('review', 'written')) as Written | null
  if (written === null) return null
  const { closed, ...subject } = JSON.parse(written.key) as EditSubject & { closed: boolean }
  return { subject, text: textOfLines(written.lines, closed) }
}

/** Opens a text in a scratch buffer of its file's type; false where it is not UTF-8. */
export async function editText(
  desk: Desk,
  subject: EditSubject,
  { text, path, title }: { readonly text: ByteString; readonly path: TreePath; readonly title: string },
): Promise<boolean> {
  const lines = linesOfText(text)
  if (lines === null) return false
  const key = JSON.stringify({ ...subject, closed: text === '' || text.endsWith('\n') })
  await desk.context.editor.ask('review', 'edit', { view: 'review', key, path, title, lines })
  return true
}

/** The lines of a text as Neovim has them: a NUL is a line feed within a line; null where it is not UTF-8. */
export function linesOfText(text: ByteString): string[] | null {
  const decoded = decodeUtf8(text)
  if (decoded === null) return null
  const whole = decoded.endsWith('\n') ? decoded.slice(0, -1) : decoded
  return whole.split('\n').map((line) => line.replaceAll('\0', '\n'))
}

/** The text of such lines; `closed` when the last line has an end. One empty line is no text. */
export function textOfLines(lines: readonly string[], closed: boolean): ByteString {
  if (lines.length === 0 || (lines.length === 1 && lines[0] === '')) return ''
  const text = lines.map((line) => line.replaceAll('\n', '\0')).join('\n')
  return encodeUtf8(closed ? `${text}\n` : text, true) ?? ''
}

async function textToEdit(desk: Desk, region: RegionView): Promise<ByteString> {
  const inside = decisionsByRegion(desk.review.regions, wantedOf(desk.review)).get(region.key) ?? []
  const variant = previewed(desk.review)
  if (region.kind === 'text') {
    const decided = inside.length === 0 ? null : textOf(region, atomsOf(inside))
    const made = region.variants.find(({ letter }) => letter === variant?.letter)?.text
    return decided ?? made ?? region.baseText
  }
  const [decision] = inside
  if (decision?.kind === 'unit' && decision.content !== undefined) return decision.content
  const made = region.variants.find(({ letter }) => letter === variant?.letter)?.entry
  const entry = (decision?.kind === 'unit' ? decision.entry : null) ?? made ?? null
  if (entry === null || region.kind !== 'add' || !entry.mode.startsWith('100')) {
    const message = `That change (${region.kind}) is taken or left whole: there is no text to edit.`
    throw new KageError('KAGE_CHOICE_INVALID', message, 'Take it with a number, or keep the base with 0.')
  }
  if (!desk.review.texts.has(entry.oid)) await desk.fetch([entry.oid])
  const text = desk.review.texts.get(entry.oid) ?? ''
  if (!text.includes('\0')) return text
  throw new KageError(
    'KAGE_CHOICE_INVALID',
    'That file is binary: there is no text to edit.',
    'Take it with a number.',
  )
}
