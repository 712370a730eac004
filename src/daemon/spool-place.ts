import { join } from 'node:path'

/** The directory of an agent's spool: one for each attempt, so that an old exit file never speaks for a new program. */
export function spoolOf(
  root: string,
  run: string,
  agent: { readonly name: string; readonly attempt: number },
): string {
  return join(root, `${run}-${agent.name}.${agent.attempt}`)
}
