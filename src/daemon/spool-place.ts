import { join } from 'node:path'

/** The directory of an agent's spool: one for each attempt, so that an old exit file never speaks for a new program. */
export function spoolOf(
  root: string,
  run: string,
  agent: { readonly name: string; readonly attempt: number },
): string {
  return join(root, `${run}-${agent.name}.${agent.attempt}`)
}

/** The agent and attempt that a spool's name says; null where it is none. */
export function agentOfSpool(name: string): { run: string; name: string; attempt: number } | null {
  const parts = /^(r\d+)-(.+)\.(\d{1,9})$/.exec(name)
  return parts === null ? null : { run: parts[1] ?? '', name: parts[2] ?? '', attempt: Number(parts[3]) }
}
