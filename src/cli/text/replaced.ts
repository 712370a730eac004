import { linesInWords } from '../../core/merge/line-words.ts'
import type { ReplacedView } from '../../core/protocol/replaced-view.ts'
import { shownPath } from './path.ts'
import { printable } from './run.ts'

/** What had landed and goes, for people: one line for each change. */
export function replacedLines(replaced: readonly ReplacedView[]): string[] {
  return replaced.map(({ region, agent, path, pathEncoding, lines }) => {
    const what = lines === null ? 'change' : linesInWords({ start: lines[0], end: lines[1] })
    const whose = agent === null ? 'your own text' : printable(agent)
    const where = region === null ? '' : ` (${region})`
    return `Replaced: ${shownPath(path, pathEncoding)} ${what} of ${whose}${where}.`
  })
}
