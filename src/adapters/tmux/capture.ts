import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { checkedPane } from './name.ts'
import { runTmux } from './server.ts'
import type { TmuxServer } from './server.ts'

/** Reads what a pane shows, with so many lines of its past: what agents wrote never enters the shared connection. */
export async function capturePane(server: TmuxServer, pane: string, pastLines = 0): Promise<string> {
  const past = Math.min(Math.max(0, Math.trunc(pastLines)), limit.historyLines)
  const outcome = await runTmux(server, ['capture-pane', '-p', '-t', checkedPane(pane), '-S', `-${past}`])
  if (outcome.code === 0) return outcome.stdout.toString('utf8')
  throw new KageError('KAGE_TMUX_FAILED', `Pane ${pane} cannot be read: ${outcome.stderr.trim()}`)
}
