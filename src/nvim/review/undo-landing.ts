import { KageError } from '../../core/error.ts'
import { showPath } from '../../core/merge/path-name.ts'
import { refreshBuffers, refuseUnsaved } from '../buffers.ts'
import type { Desk } from './desk.ts'

/** Takes the last landing of this run back, after a question. */
export async function undoLanding(desk: Desk): Promise<void> {
  const { context, review } = desk
  const { undos } = await context.session.ask('undos', { repo: review.target })
  const { landings } = context.session.state
  const last = undos.find(({ id, run, target }) => {
    return run === review.run && (landings[id]?.review ?? target) === review.target
  })
  if (last === undefined)
    throw new KageError(
      'KAGE_UNDO_UNKNOWN',
      `Nothing of ${review.run} has landed here.`,
      ':w lands what is decided.',
    )
  const { paths } = landings[last.id] ?? { paths: [] }
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
