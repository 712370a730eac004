import { checkLine, type CheckResult } from '../../core/check.ts'
import type { CheckedResult, Review } from './model.ts'
import { heading, note, type Row } from './rows.ts'
import { shownText } from './shown-text.ts'

/** What is shown of checks when something else is decided: those of another result are not; one that runs can be called off. */
export function afterChange(checked: CheckedResult | null): CheckedResult | null {
  return isRunning(checked) ? { tree: '', results: [], left: null } : null
}

/** Whether checks of a review run, be it of a result that is decided otherwise by now. */
export function isRunning(checked: CheckedResult | null): boolean {
  return checked !== null && (checked.left === null || checked.left.length > 0)
}

/** The checks of the result, with the end of what those said that did not pass. */
export function checkRows({ checked }: Pick<Review, 'checked'>): Row[] {
  if (checked === null) return []
  const title = heading('── checks of this result', 'KageReviewHeading')
  if (checked.tree === '') return [title, note('of an earlier result, running… T calls them off')]
  const { results, left } = checked
  return [
    title,
    ...results.flatMap((result) => [note(checkLine(result, shownText(result.name))), ...outputRows(result)]),
    ...leftRows(left),
  ]
}

/** The checks that are still to end, of which the first runs. */
function leftRows(left: CheckedResult['left']): Row[] {
  if (left === null) return [note('… they are about to run; T calls them off')]
  return left.map((name, at) =>
    note(at === 0 ? `… ${shownText(name)}  running; T calls them off` : `  ${shownText(name)}`),
  )
}

function outputRows({ outcome, output }: CheckResult): Row[] {
  if (outcome === 'passed') return []
  const lines = output.replace(/\n$/, '').split('\n')
  return lines.map((line) => note(`    ${shownText(line)}`))
}
