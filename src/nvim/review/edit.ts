import { wantedOf } from '../../core/landing.ts'
import { KageError } from '../../core/error.ts'
import type { ByteString } from '../../core/merge/change.ts'
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

/** Opens the region's text in a scratch buffer: as it is decided, else as the previewed variant has it. */
export async function openEdit(desk: Desk): Promise<void> {
  const shown = currentRegion(desk.review)
  if (shown === null) return
  const { region } = shown
  const text = await textToEdit(desk, region)
  const lines = linesOfText(text)
  if (lines === null)
    throw new KageError(
      'KAGE_CHOICE_INVALID',
      'That text is not UTF-8: it can be taken, but not be edited here.',
      'Take a variant, or edit the file after landing.',
    )
  const key = JSON.stringify([region.key, text === '' || text.endsWith('\n')])
  await desk.context.editor.ask('review', 'edit', {
    view: 'review',
    key,
    path: region.path,
    title: shown.id,
    lines,
  })
}

/** Takes the text of a scratch buffer that was written. */
export async function takeWritten(desk: Desk): Promise<void> {
  const written = (await desk.context.editor.ask('review', 'written')) as Written | null
  if (written === null) return
  const [key, closed] = JSON.parse(written.key) as [string, boolean]
  const text = textOfLines(written.lines, closed)
  await desk.take((review) => takeEdited(review, key, text), advanced)
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
