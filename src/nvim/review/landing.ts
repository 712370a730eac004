import { KageError } from '../../core/error.ts'
import { pathOfWire } from '../../core/merge/path.ts'
import { showPath } from '../../core/merge/path-name.ts'
import type { Decision, TreePath } from '../../core/merge/change.ts'
import type { LandParams } from '../../core/protocol/params.ts'
import type { Landed } from '../../core/protocol/results.ts'
import { refreshBuffers, refuseUnsaved } from '../buffers.ts'
import { composedFiles, resultFiles } from './compose.ts'
import type { Desk } from './desk.ts'
import type { Review } from './model.ts'
import { resultLine } from './result-rows.ts'

/** Lands what is decided: shows first what that would do, and writes nothing before the person says yes. */
export async function land(desk: Desk): Promise<void> {
  const review = await desk.settle()
  const touched = touchedPaths(review)
  await refuseUnsaved(desk.context, desk.review.target, touched)
  const params = paramsOf(review)
  const { session, questions } = desk.context
  const tried = await session.ask('land', { ...params, dryRun: true, command: crypto.randomUUID() })
  if (tried.result === 'conflict') return showConflict(desk, review, tried)
  const paths = [...new Set([...touched, ...tried.paths])]
  if (tried.result === 'landed') {
    await refuseUnsaved(desk.context, desk.review.target, paths)
    if (!(await questions.confirm(confirmLines(review), 'land'))) return
    await refuseUnsaved(desk.context, desk.review.target, paths)
  } else if (touched.length === 0) {
    await questions.confirm(['There is nothing to land: nothing is decided that has not landed.'], null)
    return
  }
  const landed = await session.ask('land', params)
  if (landed.result === 'conflict') return showConflict(desk, review, landed)
  refreshBuffers(desk.context, desk.review.target, landed.paths)
  desk.context.notices.say(landedText(landed))
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

function paramsOf(review: Review): LandParams {
  const { run: id, target: repo, trees } = review
  const files = composedFiles(review)
  return { repo, id, trees, files, commit: false, message: null, dryRun: false, command: crypto.randomUUID() }
}

function touchedPaths({ pending }: Review): TreePath[] {
  return [...new Set([...pending.removed, ...pending.added].flatMap(placesOf))]
}

function placesOf(decision: Decision): TreePath[] {
  const to = decision.kind === 'unit' ? decision.to : undefined
  return to === undefined ? [decision.path] : [decision.path, to]
}

async function showConflict({ context }: Desk, { run }: Review, landed: Landed): Promise<void> {
  const conflicts = landed.conflicts.map((each) => ({ path: showPath(pathOfWire(each)), kind: each.kind }))
  context.notices.fire('MergeConflict', { run, conflicts })
  const lines = conflicts.map(({ path, kind }) => `  ! ${path}  ${kind}`)
  const next = 'Decide them otherwise, or change the files.'
  await context.questions.confirm(
    ['These do not land cleanly; nothing was changed:', ...lines, '', next],
    null,
  )
}

function confirmLines(review: Review): string[] {
  const files = resultFiles(review).filter(({ pending }) => pending)
  const count = `${files.length} ${files.length === 1 ? 'file' : 'files'}`
  return [`Land ${count} in ${review.target}:`, ...files.map((file) => `  ${resultLine(file)}`)]
}

function landedText({ result, undo, paths }: Landed): string {
  if (result === 'nothing') return 'The worktree holds all of it already.'
  return `Landed ${paths.length} ${paths.length === 1 ? 'file' : 'files'}; U takes it back (${undo}).`
}
