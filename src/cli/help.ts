import type { Command } from './command.ts'

const footer = `Everywhere: --repo DIR (default: the current repository), --json, --help, --version, -- ends options.
Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 finished but not all agents are done,
            4 conflict: nothing was changed, 124 time-out.`

/** The text of `kage help`: every command with its usage and what it does. */
export function helpOfProgram(commands: readonly Command[]): string {
  const rows = commands.map(
    (command) => `  ${`${command.name} ${command.usage}`.trimEnd()}\n      ${command.summary}`,
  )
  return `kage: coding agents in worktrees and panes, and their best hunks in your branch\n\n${rows.join('\n')}\n\n${footer}\n`
}

/** The text of `kage help COMMAND`. */
export function helpOfCommand(command: Command): string {
  const options = Object.entries(command.options).map(([name, option]) => {
    const short = option.short === undefined ? '' : `-${option.short}, `
    return `  ${short}--${name}${option.type === 'string' ? ' …' : ''}`
  })
  const list = options.length === 0 ? '' : `\n\nOptions:\n${options.join('\n')}`
  return `kage ${command.name} ${command.usage}\n  ${command.summary}${list}\n\n${footer}\n`
}
