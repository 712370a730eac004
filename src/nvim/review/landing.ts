import type { AlarmView } from '../../core/alarm.ts'
import { checkedTree, checkLine, isUnderWay } from '../../core/check.ts'
import { faultOf } from '../../core/error.ts'
import type { Decision, Oid, TreePath } from '../../core/merge/change.ts'
import type { LandParams } from '../../core/protocol/params.ts'
import type { Landed } from '../../core/protocol/results.ts'
import { acknowledge } from '../alarms.ts'
import { refreshBuffers, refuseUnsaved } from '../buffers.ts'
import { type ResultFile, resultFiles } from './compose.ts'
import { resolveConflicts } from './conflict.ts'
import type { Desk } from './desk.ts'
import type { Review } from './model.ts'
import { replacedLines } from './replaced-lines.ts'
import { resultLine } from './result-rows.ts'
import { shownText } from './shown-text.ts'
import { againOf, asPerson, landParams, tryToLand } from './try.ts'

/** Lands what is decided: shows first what that would do, and writes nothing before the person says yes. */
export async function land(desk: Desk): Promise<void> {
  desk.commits = false
  await goOnLanding(desk)
}

/** Goes on with a landing that waited for a text of the person's. */
export async function goOnLanding(desk: Desk): Promise<void> {
  for (;;) {
    const landed = await pastAlarms(desk, () => (desk.commits ? commitOnce(desk, null) : landOnce(desk)))
    if (landed?.result !== 'conflict' || !(await resolveConflicts(desk, landed))) return
  }
}

/** An alarm refuses the try: it is shown, and where the person acknowledges it the try is made again. */
async function pastAlarms(desk: Desk, attempt: () => Promise<Landed | null>): Promise<Landed | null> {
  for (;;) {
    try {
      return await attempt()
    } catch (thrown) {
      const { code, details } = faultOf(thrown)
      if (code !== 'KAGE_ALARM') throw thrown
      const alarms = (details?.['alarms'] ?? []) as readonly AlarmView[]
      const { target: repo, run } = desk.review
      if (!(await acknowledge(desk.context, { repo, run, alarms }))) return null
    }
  }
}

/** One try; null where there is nothing to land or the person says no, else what came of it. */
async function landOnce(desk: Desk): Promise<Landed | null> {
  const review = await desk.settle()
  const touched = touchedPaths(review)
  await refuseUnsaved(desk.context, desk.review.target, touched)
  const { questions } = desk.context
  const tried = await tryToLand(desk, landParams(review))
  if (tried.result === 'conflict') return tried
  const paths = [...new Set([...touched, ...tried.paths])]
  if (tried.result === 'landed') {
    await refuseUnsaved(desk.context, desk.review.target, paths)
    const lines = [`Land ${fileCount(desk.review)} in ${review.target}:`, ...confirmLines(desk, tried.tree)]
    const answer = await questions.choose(lines, ['y', '<CR>', 'c', 'n'], [], 'y land   c commit   q cancel')
    if (answer === 'c') return commitOnce(desk, tried.tree)
    if (answer === null || answer === 'n') return null
    await refuseUnsaved(desk.context, desk.review.target, paths)
  } else if (touched.length === 0) {
    await questions.confirm(['There is nothing to land: nothing is decided that has not landed.'], null)
    return null
  }
  return carryOut(desk, landParams(review))
}

/** The same as a commit on the current branch; `shown` is the result that the person has said yes to. */
async function commitOnce(desk: Desk, shown: Oid | null): Promise<Landed | null> {
  desk.commits = true
  const review = await desk.settle()
  const touched = touchedPaths(review)
  await refuseUnsaved(desk.context, review.target, touched)
  const tried = await tryToLand(desk, { ...landParams(review), commit: true })
  if (tried.result === 'conflict') return tried
  const params = { ...landParams(review), commit: true }
  if (tried.result === 'nothing') return carryOut(desk, params)
  const { questions } = desk.context
  const title = `Commit ${fileCount(review)} on the branch, without what is not committed yet:`
  const lines = [title, ...confirmLines(desk, tried.tree)]
  if (tried.tree !== shown && !(await questions.confirm(lines, 'commit'))) return null
  const subject = review.task.split('\n')[0]?.trim().slice(0, 72) ?? ''
  const message = await questions.input('Message of the commit: ', subject)
  if (message === null) return null
  await refuseUnsaved(desk.context, review.target, [...touched, ...tried.paths])
  return carryOut(desk, { ...params, message })
}

async function carryOut(desk: Desk, params: LandParams): Promise<Landed> {
  const { session } = desk.context
  const files = fileCount(desk.review)
  const request = await asPerson(desk, params)
  const landed = await session.ask('land', { ...request, resolutions: [...desk.said.values()] })
  if (landed.result === 'conflict') return landed
  desk.said.clear()
  const isAgain = desk.review.again.size > 0
  desk.show({ ...desk.review, again: new Set() })
  refreshBuffers(desk.context, desk.review.target, landed.paths)
  desk.context.notices.say(landedText(landed, files, params.commit))
  for (const warning of landed.warnings) desk.context.notices.warn(warning)
  // Nothing else is decided than before: only a look tells that it is there again.
  if (isAgain) await desk.look()
  return landed
}

function touchedPaths(review: Review): TreePath[] {
  const { removed, added } = review.pending
  return [...new Set([...removed, ...added, ...againOf(review)].flatMap(placesOf))]
}

function placesOf(decision: Decision): TreePath[] {
  const to = decision.kind === 'unit' ? decision.to : undefined
  return to === undefined ? [decision.path] : [decision.path, to]
}

function confirmLines(desk: Desk, tree: Oid): string[] {
  const files = filesToLand(desk.review).map((file) => `  ${resultLine(file)}`)
  const replaced = replacedLines(desk.review).map((line) => `  ${line}`)
  return [...files, ...replaced, ...checkedLines(desk, tree)]
}

function fileCount(review: Review): string {
  const { length } = filesToLand(review)
  return `${length} ${length === 1 ? 'file' : 'files'}`
}

function filesToLand(review: Review): ResultFile[] {
  const again = new Set(againOf(review).map(({ path }) => path))
  return resultFiles(review).filter(({ pending, path }) => pending || again.has(path))
}

function landedText({ result, undo, commit }: Landed, files: string, commits: boolean): string {
  if (result === 'nothing') return `The ${commits ? 'branch' : 'worktree'} holds all of it already.`
  if (commit === null) return `Landed ${files}; U takes it back (${undo}).`
  return `Committed ${files} as ${commit.slice(0, 12)}, without hooks or a signature; U takes it back (${undo}).`
}

/** What the last checks of exactly this result said, whoever had them run. */
function checkedLines({ context, run }: Desk, tree: Oid): string[] {
  const known = checkedTree(context.session.state, run, tree)
  return known === null || isUnderWay(known)
    ? []
    : ['', ...known.results.map((result) => `  ${checkLine(result, shownText(result.name))}`)]
}
