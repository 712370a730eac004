import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AgentSettings } from '../core/agent/settings.ts'
import { KageError } from '../core/error.ts'
import { parseSettings } from '../core/format/agent-settings.ts'

/** Reads what the daemon told the agent of a spool; KAGE_INTERNAL when it cannot be used. */
export function readSettings(spool: string): AgentSettings {
  return parseSettings(textOf(spool), spool)
}

/** The task of a spool, whatever its bytes are. */
export function readTask(spool: string): string {
  return readFileSync(join(spool, 'task'), 'utf8').trim()
}

function textOf(spool: string): string {
  try {
    return readFileSync(join(spool, 'agent.json'), 'utf8')
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new KageError('KAGE_INTERNAL', `agent.json in ${spool} cannot be used: ${why}`)
  }
}
