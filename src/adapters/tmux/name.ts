import { KageError } from '../../core/error.ts'

/** Checks a name that Kage made for tmux (a window, a bell, a gate): nothing that tmux or a shell could read otherwise. */
export function checkedName(name: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,63}$/.test(name)) return name
  throw new KageError('KAGE_INTERNAL', `${JSON.stringify(name)} is no name for tmux.`)
}

/** Checks an agent's full name before it becomes an option and part of a format. */
export function checkedAgent(agent: string): string {
  if (isAgent(agent)) return agent
  throw new KageError('KAGE_AGENT_COMMAND', `tmux cannot carry the agent name ${JSON.stringify(agent)}.`)
}

/** Tells whether a text can be an agent's full name: `r7/coder-1`, letters and digits of any script. */
export function isAgent(text: string): boolean {
  return /^r\d{1,9}\/[\p{L}\p{N}_][\p{L}\p{M}\p{N}._@:+=-]{0,127}$/u.test(text)
}

/** Checks a pane's id, like `%12`. */
export function checkedPane(pane: string): string {
  if (/^%\d{1,10}$/.test(pane)) return pane
  throw new KageError('KAGE_INTERNAL', `${JSON.stringify(pane)} is no pane.`)
}

/** The format that is true only on a pane that still belongs to the agent. */
export function belongsTo(agent: string): string {
  return `#{==:#{@kage_agent},${checkedAgent(agent)}}`
}
