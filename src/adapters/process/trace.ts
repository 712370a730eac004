// The adapters publish each command on a diagnostics channel of Node's; without a subscriber that costs one test.
import { type Channel, channel } from 'node:diagnostics_channel'
import { performance } from 'node:perf_hooks'
import { faultOf } from '../../core/error.ts'

/** The kinds of commands that can be traced, as `KAGE_TRACE` names them. */
export type TraceKind = 'git' | 'tmux' | 'rpc'

export const traceKinds: readonly TraceKind[] = ['git', 'tmux', 'rpc']

const channels: Readonly<Record<TraceKind, Channel>> = {
  git: channel('kage.git'),
  tmux: channel('kage.tmux'),
  rpc: channel('kage.rpc'),
}

/** Runs a command; where its kind is traced, publishes one line with its duration, how it ended, and its words. */
export async function traced<T>(
  kind: TraceKind,
  words: () => readonly string[],
  command: () => Promise<T>,
  endOf: (result: T) => string = () => 'ok',
): Promise<T> {
  const { hasSubscribers } = channels[kind]
  if (!hasSubscribers) return command()
  const begunAt = performance.now()
  const publish = (end: string): void => {
    const duration = `${(performance.now() - begunAt).toFixed(1)} ms`
    channels[kind].publish(`${kind} ${duration} ${end}: ${words().join(' ')}`)
  }
  try {
    const result = await command()
    publish(endOf(result))
    return result
  } catch (thrown) {
    publish(faultOf(thrown).code)
    throw thrown
  }
}

/** Passes the lines of these kinds to a writer until this process ends. */
export function writeTrace(kinds: readonly TraceKind[], write: (line: string) => void): void {
  for (const kind of kinds) channels[kind].subscribe((line) => write(String(line)))
}
