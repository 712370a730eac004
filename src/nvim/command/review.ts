import { KageError } from '../../core/error.ts'
import type { RunState } from '../../core/state.ts'
import { type Call, wordsOf } from '../call.ts'
import type { EditorCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { placeOf, runsAt } from '../place.ts'
import { openReview } from '../review/open.ts'
import { subjectNamed } from '../subject.ts'

export const review: EditorCommand = {
  name: 'review',
  usage: '[RUN]',
  summary: 'Compares what the agents of a run did, region by region, and lands what you take',
  run: async (context, call) => {
    const run = await runMeant(context, call)
    const payload = { ...call, words: run.id }
    await openReview(context, run, { name: 'review', payload })
  },
}

/** The run that is named; else that of the agent whose tab page this is; else the newest of the repository. */
async function runMeant(context: Context, call: Call): Promise<RunState> {
  const state = await context.session.ready()
  const place = await placeOf(call.directory)
  const runs = runsAt(state, place)
  const named = wordsOf(call)[0] ?? call.agent
  if (named !== null) return subjectNamed(state, runs, named).run
  const [newest] = runs
  if (newest === undefined)
    throw new KageError('KAGE_RUN_UNKNOWN', 'This repository has no run yet.', ':KageSpawn starts one.')
  return newest
}
