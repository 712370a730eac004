import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { type AgentSettings, settingsSchema } from '../core/agent/settings.ts'
import { KageError } from '../core/error.ts'

/** What the agent of a spool was told to be; fails with KAGE_INTERNAL, since the daemon writes it. */
export function readSettings(spool: string): AgentSettings {
  try {
    return v.parse(settingsSchema, JSON.parse(readFileSync(join(spool, 'agent.json'), 'utf8')))
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new KageError('KAGE_INTERNAL', `agent.json in ${spool} cannot be used: ${why}`)
  }
}

/** The task of a spool, whatever its bytes are. */
export function readTask(spool: string): string {
  return readFileSync(join(spool, 'task'), 'utf8').trim()
}
