import { linesInWords } from '../../core/merge/line-words.ts'
import { spacingInWords } from '../../core/merge/spacing-words.ts'
import type { RegionView, VariantView } from '../../core/protocol/results.ts'
import { alikeLines, type ShownLine } from '../../core/text/alike.ts'
import { contentLines } from './content.ts'
import { shownPath } from './path.ts'
import { printable } from './run.ts'

/** A region for people: where it is, what is there now, and each variant with its agents. */
export function regionLines(region: RegionView): string[] {
  const [start, end] = region.lines ?? [0, 0]
  const lines = region.lines === null ? '' : `  ${linesInWords({ start, end })}`
  const name = region.name === undefined ? '' : `  ${printable(region.name)}`
  const missing = region.missing === true ? '  (landed, and thrown away since)' : ''
  const within = region.within === undefined ? '' : `  (within ${region.within})`
  const driver =
    region.mergeDriver === undefined
      ? ''
      : `  (git merges this by ${printable(region.mergeDriver)}, Kage by lines)`
  const whole = region.reason === undefined ? '' : `  (taken or left whole: ${printable(region.reason)})`
  const acts = region.acts === undefined ? '' : `  (! ${region.acts})`
  const from = region.from === null ? '' : `${shownPath(region.from, region.fromEncoding)} → `
  const texts = [region.baseText, ...region.variants.map(({ text }) => text)]
  const isAlike = alikeLines(texts.filter((text) => text !== undefined))
  return [
    `${region.id}  ${from}${shownPath(region.path, region.pathEncoding)}${lines}  ${region.kind}${name}${within}${missing}${driver}${whole}${acts}`,
    ...textLines('  - ', { text: region.baseText, encoding: region.baseEncoding, isAlike }),
    ...region.variants.flatMap((variant) => [
      variantHead(variant),
      ...(hasContent(region) && region.reason === undefined ? variantText(variant, isAlike) : []),
    ]),
    '',
  ]
}

/** Whether a region is about a content: a new path or mode leaves it as it is. */
function hasContent({ kind }: RegionView): boolean {
  return kind !== 'rename' && kind !== 'mode'
}

function variantHead({ id, agents, path, mode, spacing, decided, clean }: VariantView): string {
  const notes = [
    spacingInWords(spacing),
    decided ? 'taken' : '',
    clean ? '' : 'conflicts with your tree',
  ].filter(Boolean)
  const becomes = path ?? mode
  const parts = [
    `  ${id}`,
    agents.map(printable).join(' = '),
    ...(becomes === undefined ? [] : [`→ ${printable(becomes)}`]),
    ...(notes.length === 0 ? [] : [`(${notes.join(', ')})`]),
  ]
  return parts.join('  ')
}

function variantText({ text, blob, encoding }: VariantView, isAlike: Content['isAlike']): string[] {
  const hidden = text === undefined && blob !== null ? ['  + (not shown)'] : []
  return [...hidden, ...textLines('  + ', { text, encoding, isAlike })]
}

function textLines(mark: string, { text, encoding, isAlike }: Content): string[] {
  if (text === undefined || text === '') return []
  return encoding === 'base64' ? [`${mark}(binary)`] : contentLines(mark, text, isAlike)
}

interface Content {
  readonly text: string | undefined
  readonly encoding: string | undefined
  readonly isAlike: (line: ShownLine) => boolean
}
