import type { FileView } from '../../core/protocol/results.ts'
import { shownPath } from './path.ts'

/** Files that differ for people, a line each as \`git diff --compact-summary\` has them, and their sum. */
export function fileLines(files: readonly FileView[]): string[] {
  const names = files.map(nameOf)
  const width = Math.max(0, ...names.map(({ length }) => Math.min(length, nameColumns)))
  const most = Math.max(0, ...files.map(({ lines }) => (lines === null ? 0 : lines[0] + lines[1])))
  const digits = String(most).length
  const scale = Math.min(1, graphColumns / Math.max(most, 1))
  const counts = files.map(({ lines }) => countOf(lines, digits, scale))
  const sum = (side: 0 | 1): number => files.reduce((total, { lines }) => total + (lines?.[side] ?? 0), 0)
  return [
    ...names.map((name, index) => `  ${name.padEnd(width)} | ${counts[index]}`),
    `  ${files.length} ${files.length === 1 ? 'file' : 'files'} +${sum(0)} -${sum(1)}`,
  ]
}

const nameColumns = 50
const graphColumns = 20

function nameOf({ from, fromEncoding, modes: [old, mode], ...place }: FileView): string {
  const before = from === null ? '' : `${shownPath(from, fromEncoding)} => `
  const note = noteOf(old, mode)
  return `${before}${shownPath(place.path, place.pathEncoding)}${note === '' ? '' : ` (${note})`}`
}

/** Git's words: what appears, what goes, and what becomes of a mode. */
function noteOf(old: string | null, mode: string | null): string {
  if (mode === null) return 'gone'
  const kind = mode === '120000' ? '+l' : mode === '100755' ? '+x' : mode === '160000' ? '+m' : ''
  if (old === null) return kind === '' ? 'new' : `new ${kind}`
  if (old === mode) return ''
  return kind === '' ? `mode ${old === '120000' ? '-l' : old === '160000' ? '-m' : '-x'}` : `mode ${kind}`
}

function countOf(lines: FileView['lines'], digits: number, scale: number): string {
  if (lines === null) return 'Bin'
  const [added, deleted] = lines
  const signs = [added, deleted].map((count, side) =>
    (side === 0 ? '+' : '-').repeat(Math.ceil(count * scale)),
  )
  return `${String(added + deleted).padStart(digits)} ${signs.join('')}`.trimEnd()
}
