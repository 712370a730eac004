import { runStatus } from '../../core/agent/status.ts'
import { KageError } from '../../core/error.ts'
import type { RunState } from '../../core/state.ts'
import { type Call, wordsOf } from '../call.ts'
import type { EditorCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { isThere } from '../place.ts'
import { openReview } from '../review/open.ts'
import { runsOfCall, subjectNamed } from '../subject.ts'
import { cut, printable } from '../text.ts'

export const review: EditorCommand = {
  name: 'review',
  usage: '[RUN]',
  summary: 'Compares what the agents of a run did, region by region, and lands what you take',
  run: async (context, call) => {
    const run = await runMeant(context, call)
    if (run === null) return
    const payload = { ...call, words: run.id }
    await openReview(context, run, { name: 'review', payload })
  },
}

/**
 * The run that is named; else that of the agent whose tab page this is; else the only one of the repository that was not
 * cleaned, or the one that is chosen; with a bang the newest. Null when the person would rather not.
 */
async function runMeant(context: Context, call: Call): Promise<RunState | null> {
  const { state, runs } = await runsOfCall(context, call)
  const named = wordsOf(call)[0] ?? call.agent
  if (named !== null) return subjectNamed(state, runs, named).run
  const [newest, another] = runs.filter(isThere)
  if (newest !== undefined && (another === undefined || call.bang)) return newest
  if (newest !== undefined) return context.questions.select('Kage: review which run?', choicesOf(runs))
  const last = runs[0]?.id ?? (await lastArchived(context, call))
  if (last === undefined)
    throw new KageError('KAGE_RUN_UNKNOWN', 'This repository has no run yet.', ':KageSpawn starts one.')
  throw new KageError(
    'KAGE_RUN_UNKNOWN',
    'Every run of this repository is cleaned.',
    `:KageReview ${last} shows the last one’s snapshots.`,
  )
}

async function lastArchived({ session }: Context, call: Call): Promise<string | undefined> {
  const { runs } = await session.ask('ls', { repo: call.directory, all: false })
  return runs.at(-1)?.id
}

function choicesOf(runs: readonly RunState[]): { label: string; value: RunState }[] {
  return runs.filter(isThere).map((run) => {
    const [task = ''] = run.task.split('\n')
    return { label: `${run.id}  ${runStatus(run.agents)}: ${cut(printable(task), 50)}`, value: run }
  })
}
