import { linesInWords } from '../../core/merge/line-words.ts'
import { replacedIn } from '../../core/merge/replaced.ts'
import type { Review } from './model.ts'
import { shownText } from './shown-text.ts'

/** What had landed and would go, for the question before a landing: one line for each change. */
export function replacedLines({ pending, regions }: Pick<Review, 'pending' | 'regions'>): string[] {
  return replacedIn(pending.removed, regions).map(({ region, agent, path, lines }) => {
    const what = lines === null ? 'change' : linesInWords({ start: lines[0], end: lines[1] })
    const whose = agent === null ? 'your own text' : shownText(agent)
    return `Replaced: ${shownText(path)} ${what} of ${whose}${region === null ? '' : ` (${region})`}`
  })
}
