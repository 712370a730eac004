import { type AgentSettings, settingsSchema } from '../agent/settings.ts'
import { KageError } from '../error.ts'
import { type Format, format, parseVersioned, versionedText } from './versioned.ts'

/** What `agent.json` in a spool holds. */
export function settingsText(settings: AgentSettings): string {
  return versionedText(settingsFormat, settings)
}

/** Reads `agent.json`, as any version wrote it; KAGE_STORE_NEWER and KAGE_INTERNAL name its spool. */
export function parseSettings(text: string, spool: string): AgentSettings {
  const reading = parseVersioned(settingsFormat, text)
  if (reading.ok) return reading.data
  const message = `agent.json in ${spool} cannot be used: ${reading.reason}.`
  throw new KageError(reading.newer ? 'KAGE_STORE_NEWER' : 'KAGE_INTERNAL', message)
}

const settingsFormat: Format<AgentSettings> = format(settingsSchema)
