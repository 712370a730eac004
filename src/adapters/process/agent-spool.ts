import { chmod, lstat, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AgentSettings } from '../../core/agent/settings.ts'
import { settingsText } from '../../core/format/agent-settings.ts'
import { writeWhole } from './whole-file.ts'

/** Prepares what the built-in agent reads beside its task, in the agent's directory of its spool. */
export async function writeAgentSpool(directory: string, settings: AgentSettings): Promise<void> {
  await mkdir(inboxOf(directory), { recursive: true, mode: 0o700 })
  const file = join(directory, 'agent.json')
  await writeWhole(file, settingsText(settings))
  await chmod(file, 0o400)
}

/** The directories of a spool in which a message lies: not read yet, read, and kept in the conversation (then empty). */
export const messagePlaces: readonly string[] = ['inbox', 'heard', 'taken']

/** Puts a message into an agent's inbox under the name that is its id; false where there is none that could be read. */
export async function writeMessage(directory: string, id: string, text: string): Promise<boolean> {
  const inbox = inboxOf(directory)
  const found = await lstat(inbox).catch(() => null)
  if (found === null || !found.isDirectory()) return false
  await writeWhole(join(inbox, id), JSON.stringify({ text }), join(directory, `${id}.new`))
  return true
}

/** The id of the message with a key that was ever written into one of these spools; null if there is none. */
export async function findMessage(directories: readonly string[], key: string): Promise<string | null> {
  for (const directory of directories)
    for (const place of messagePlaces) {
      const names = await readdir(join(directory, place)).catch(() => [])
      const found = names.find((name) => isMessageName(name) && name.endsWith(`-${key}`))
      if (found !== undefined) return found
    }
  return null
}

/** Whether a name is that of a message, or of one that was not written to its end. */
export function isMessageName(name: string): boolean {
  return /^\d{12}-[0-9a-f]{12}(\.new)?$/.test(name)
}

function inboxOf(directory: string): string {
  return join(directory, 'inbox')
}
