import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { quote } from './quote.ts'

/** One tmux command as words, the first its full name. */
export type Command = readonly [name: string, ...words: string[]]

const harmless = new Set([
  'break-pane',
  'copy-mode',
  'delete-buffer',
  'display-message',
  'join-pane',
  'kill-pane',
  'list-clients',
  'list-panes',
  'list-sessions',
  'list-windows',
  'new-window',
  'paste-buffer',
  'pipe-pane',
  'refresh-client',
  'resize-window',
  'select-layout',
  'select-pane',
  'select-window',
  'send-keys',
  'set-environment',
  'set-hook',
  'set-option',
  'show-options',
  'split-window',
  'switch-client',
])

/** Writes commands as one line of tmux's command language; refuses what could block the queue or end others' work. */
export function commandLine(commands: readonly Command[]): string {
  const line = commands.map(commandText).join(' ; ')
  if (line.length > limit.tmuxRequestBytes)
    throw new KageError('KAGE_TMUX_FAILED', `A tmux command of ${line.length} bytes is too long.`)
  return line
}

const branches = new WeakSet<Command>()

/** Makes a command that tests a format on a pane and runs one of two lists, within one step of the server. */
export function branch(
  pane: string,
  condition: string,
  yes: readonly Command[],
  no: readonly Command[],
): Command {
  const command: Command = ['if-shell', '-F', '-t', pane, condition, commandLine(yes), commandLine(no)]
  branches.add(command)
  return command
}

function commandText(command: Command): string {
  const [name, ...words] = command
  if (!isHarmless(command))
    throw new KageError('KAGE_INTERNAL', `The tmux command ${name} may not go through the shared connection.`)
  if (words.some((word) => /[\0\n]/.test(word)))
    throw new KageError(
      'KAGE_TMUX_FAILED',
      `A word of ${name} holds a NUL or a newline, which tmux cannot carry.`,
    )
  return [name, ...words.map(quote)].join(' ')
}

function isHarmless(command: Command): boolean {
  const [name, flag, ...words] = command
  if (name === 'wait-for') return flag === '-S' && words.length === 1
  if (name === 'run-shell') return flag === '-b' && words.join() === 'true'
  return harmless.has(name) || branches.has(command)
}
