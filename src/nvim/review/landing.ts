import { KageError } from '../../core/error.ts'
import { showPath } from '../../core/merge/path-name.ts'
import type { Decision, Oid, TreePath } from '../../core/merge/change.ts'
import type { Landed } from '../../core/protocol/results.ts'
import { refreshBuffers, refuseUnsaved } from '../buffers.ts'
import { resultFiles } from './compose.ts'
import { resolveConflicts } from './conflict.ts'
import type { Desk } from './desk.ts'
import type { Review } from './model.ts'
import { checkLine } from './check-rows.ts'
import { resultLine } from './result-rows.ts'
import { againOf, landParams, tryToLand } from './try.ts'

/** Lands what is decided: shows first what that would do, and writes nothing before the person says yes. */
export async function land(desk: Desk): Promise<void> {
  for (;;) {
    const landed = await landOnce(desk)
    if (landed?.result !== 'conflict' || !(await resolveConflicts(desk, landed))) return
  }
}

/** One try; null where there is nothing to land or the person says no, else what came of it. */
async function landOnce(desk: Desk): Promise<Landed | null> {
  const review = await desk.settle()
  const touched = touchedPaths(review)
  await refuseUnsaved(desk.context, desk.review.target, touched)
  const params = landParams(review)
  const { session, questions } = desk.context
  const tried = await tryToLand(desk, review)
  if (tried.result === 'conflict') return tried
  const paths = [...new Set([...touched, ...tried.paths])]
  if (tried.result === 'landed') {
    await refuseUnsaved(desk.context, desk.review.target, paths)
    if (!(await questions.confirm(confirmLines(desk, tried.tree), 'land'))) return null
    await refuseUnsaved(desk.context, desk.review.target, paths)
  } else if (touched.length === 0) {
    await questions.confirm(['There is nothing to land: nothing is decided that has not landed.'], null)
    return null
  }
  const landed = await session.ask('land', { ...params, resolutions: [...desk.said.values()] })
  if (landed.result === 'conflict') return landed
  desk.said.clear()
  const isAgain = desk.review.again.size > 0
  desk.show({ ...desk.review, again: new Set() })
  refreshBuffers(desk.context, desk.review.target, landed.paths)
  desk.context.notices.say(landedText(landed))
  // Nothing else is decided than before: only a look tells that it is there again.
  if (isAgain) await desk.look()
  return landed
}

/** Takes the last landing of this run back, after a question. */
export async function undoLanding(desk: Desk): Promise<void> {
  const { context, review } = desk
  const { undos } = await context.session.ask('undos', { repo: review.target })
  const last = undos.find(({ run, target }) => run === review.run && target === review.target)
  if (last === undefined)
    throw new KageError(
      'KAGE_UNDO_UNKNOWN',
      `Nothing of ${review.run} has landed here.`,
      ':w lands what is decided.',
    )
  const { paths } = context.session.state.landings[last.id] ?? { paths: [] }
  await refuseUnsaved(desk.context, desk.review.target, paths)
  const question = [
    `Undo ${last.id}? What it wrote goes back in:`,
    ...paths.map((path) => `  ${showPath(path)}`),
  ]
  if (!(await context.questions.confirm(question, 'undo'))) return
  const command = crypto.randomUUID()
  const { restored } = await context.session.ask('undo', { repo: review.target, id: last.id, command })
  refreshBuffers(desk.context, desk.review.target, paths)
  context.notices.say(`${restored} is undone.`)
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
  const { review } = desk
  const again = new Set(againOf(review).map(({ path }) => path))
  const files = resultFiles(review).filter(({ pending, path }) => pending || again.has(path))
  const count = `${files.length} ${files.length === 1 ? 'file' : 'files'}`
  return [
    `Land ${count} in ${review.target}:`,
    ...files.map((file) => `  ${resultLine(file)}`),
    ...checkedLines(desk, tree),
  ]
}

function landedText({ result, undo, paths }: Landed): string {
  if (result === 'nothing') return 'The worktree holds all of it already.'
  return `Landed ${paths.length} ${paths.length === 1 ? 'file' : 'files'}; U takes it back (${undo}).`
}

/** What the last checks of exactly this result said, whoever had them run. */
function checkedLines({ context, run }: Desk, tree: Oid): string[] {
  const { runs, checked } = context.session.state
  const known = checked[runs[run]?.repository.key ?? '']?.find((each) => each.tree === tree)
  return known === undefined ? [] : ['', ...known.results.map((result) => `  ${checkLine(result)}`)]
}
