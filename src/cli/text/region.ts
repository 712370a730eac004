import type { RegionView, VariantView } from '../../core/protocol/results.ts'
import { printable } from './run.ts'

/** A region for people: where it is, what is there now, and each variant with its agents. */
export function regionLines(region: RegionView): string[] {
  const lines = region.lines === null ? '' : `:${region.lines[0] + 1}-${region.lines[1]}`
  const name = region.name === undefined ? '' : `  ${printable(region.name)}`
  const from = region.from === null ? '' : `${printable(region.from)} → `
  return [
    `${region.id}  ${from}${printable(region.path)}${lines}  ${region.kind}${name}`,
    ...textLines('  - ', region.baseText, region.baseEncoding),
    ...region.variants.flatMap(variantLines),
    '',
  ]
}

function variantLines(variant: VariantView): string[] {
  const notes = [variant.decided ? 'taken' : '', variant.clean ? '' : 'conflicts with your tree'].filter(
    Boolean,
  )
  const note = notes.length === 0 ? '' : `  (${notes.join(', ')})`
  const path = variant.path === undefined ? '' : `  → ${printable(variant.path)}`
  return [
    `  ${variant.id}  ${variant.agents.map(printable).join(' = ')}${path}${note}`,
    ...(variant.text === undefined && variant.blob !== null ? ['  + (not shown)'] : []),
    ...textLines('  + ', variant.text, variant.encoding),
  ]
}

function textLines(mark: string, text: string | undefined, encoding: string | undefined): string[] {
  if (text === undefined || text === '') return []
  if (encoding === 'base64') return [`${mark}(binary)`]
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${mark}${printable(line.replaceAll('\t', '    '))}`)
}
