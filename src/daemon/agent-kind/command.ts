import { beginOnce } from '../../adapters/process/spool-typed.ts'
import { sendText } from '../../adapters/tmux/text.ts'
import { fault } from '../../core/error.ts'
import { agentId } from '../../core/id.ts'
import { commandProblem } from '../command-problem.ts'
import type { Driver } from './driver.ts'

/** Any program of the person's: its words are started as they are, and messages are typed into its pane. */
export const commandDriver: Driver<'command'> = {
  facts: async (name, { kind, command, env, restart }, { environment, repository, base }) => {
    const why = await commandProblem(command, environment['PATH'] ?? '', repository, base)
    const problem = why === null ? null : fault('KAGE_AGENT_COMMAND', `Agent "${name}" cannot start: ${why}`)
    return { kind, command, environment: env, restart, problem }
  },
  readiness: (name) => ({ detail: name, hint: '' }),
  argv: ({ command }) => command,
  prepare: async () => {},
  send: async (parts, { run, agent }, { text, command }) => {
    const { pane } = agent
    if (pane === null) return { outcome: 'refused' }
    const { control } = await parts.servers.connect(pane.server.socket)
    // A daemon that died after it began may have typed the text: it is not typed a second time.
    if (!(await beginOnce(parts.spools.of(run.id, agent), command))) return { outcome: 'unverified' }
    return { outcome: await sendText(control, pane.id, agentId(run.id, agent.name), text) }
  },
}
