import { resolve } from 'node:path'
import { type AgentPlace, type AgentWish, agentPlace } from './agent-program.ts'
import { type PrivateServer, privateServer } from './tmux-server.ts'

const program = resolve(import.meta.dirname, '../../dist/agent.js')

/** The agent's program in a real pane of a private tmux server. */
export interface AgentInPane extends AgentPlace {
  readonly server: AgentPlace['server']
  readonly tmux: PrivateServer['tmux']
  /** The lines of its screen, wrapped ones joined. */
  readonly screen: () => string
  /** Exactly what each row shows. */
  readonly rows: () => string[]
  readonly type: (...keys: string[]) => void
  readonly paste: (text: string) => void
}

/** Starts it in a window of that size. */
export async function agentInPane(wish: AgentWish, columns = 100, rows = 30): Promise<AgentInPane> {
  const place = await agentPlace(wish)
  wish.prepare?.(place)
  const { tmux } = privateServer({ start: false })
  const { TERM = 'tmux-256color', ...environment } = place.environment
  const variables = Object.entries({ ...environment, TERM }).map(([name, value]) => `${name}=${value}`)
  const command = ['env', '-i', ...variables, process.execPath, program]
  const size = ['-x', String(columns), '-y', String(rows)]
  const options = [';', 'set-option', '-gw', 'remain-on-exit', 'on', ';', 'set-option', '-g', 'status', 'off']
  tmux('new-session', '-d', '-s', 'user', '-c', place.worktree, ...size, '--', ...command, ...options)
  return {
    ...place,
    tmux,
    screen: () => tmux('capture-pane', '-p', '-J', '-S', '-1000', '-t', 'user').replace(/[ \n]+$/gm, ''),
    rows: () => tmux('capture-pane', '-p', '-t', 'user').split('\n'),
    type: (...keys) => void tmux('send-keys', '-t', 'user', ...keys),
    paste: (text) => {
      tmux('set-buffer', '-b', 'test', '--', text)
      tmux('paste-buffer', '-p', '-d', '-b', 'test', '-t', 'user')
    },
  }
}
