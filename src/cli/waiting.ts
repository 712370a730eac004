import type { Results } from '../core/protocol/results.ts'
import type { Invocation } from './command.ts'
import { runLines } from './text/run.ts'

/** Waits until a run needs no more waiting; a daemon that goes away meanwhile is asked again when it is back. */
export async function waitFor(
  invocation: Invocation,
  id: string,
  timeoutSeconds: number | null,
): Promise<Results['wait']> {
  const timeoutMs = timeoutSeconds === null ? null : Math.max(0, timeoutSeconds * 1000)
  return invocation.ask('wait', { repo: invocation.repo, id, timeoutMs })
}

/** Prints what was waited for and answers with the exit code: 124 on time-out, 3 unless all of it is done. */
export function exitOfWait(invocation: Invocation, { run, done, timedOut }: Results['wait']): number {
  invocation.print({ run }, () => runLines(run).join('\n'))
  if (timedOut) return 124
  return done ? 0 : 3
}
