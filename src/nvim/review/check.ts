import { KageError } from '../../core/error.ts'
import { isRunning } from './check-rows.ts'
import type { Desk } from './desk.ts'
import { withChecks } from './outdated.ts'
import { landParams, tryToLand } from './try.ts'

/** Runs the project's checks on what would land now, and shows how they end; while they run, the same key calls them off. */
export async function checkResult(desk: Desk): Promise<void> {
  const { session, editor, notices } = desk.context
  const { run: id, target: repo, checked } = desk.review
  if (isRunning(checked)) {
    await session.ask('stopChecks', { repo, id })
    return
  }
  const tried = await tryToLand(desk, landParams(await desk.settle()))
  if (tried.result === 'conflict')
    throw new KageError(
      'KAGE_CONFLICT',
      'What is decided does not land cleanly.',
      ':w asks about each place.',
    )
  const { tree } = tried
  const environment = (await editor.ask('command', 'environment')) as Record<string, string>
  const begun = {
    ...desk.review,
    checked: { tree, results: [], left: null },
    shown: 'result',
    top: 0,
  } as const
  desk.show(withChecks(session.state, begun), true)
  const asker = crypto.randomUUID()
  const leave = (): void => void session.ask('stopChecks', { repo, id, asker }).catch(() => {})
  desk.closed.addEventListener('abort', leave)
  try {
    const { results, stopped, warnings } = await session.ask('check', { repo, id, tree, environment, asker })
    for (const warning of warnings) notices.warn(warning)
    const isThis = !stopped && desk.review.checked?.tree === tree
    desk.show({ ...desk.review, checked: isThis ? { tree, results, left: [] } : null })
  } catch (thrown) {
    desk.show({ ...desk.review, checked: null })
    throw thrown
  } finally {
    desk.closed.removeEventListener('abort', leave)
  }
}
