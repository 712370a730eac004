import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { ChatMessage } from '../adapters/provider/provider.ts'
import { type Format, format, readVersion } from '../core/format/versioned.ts'
import { limit } from '../core/limit.ts'
import type { Redact } from '../core/redact.ts'
import { onDisk } from './disk.ts'
import { readSettings } from './settings-file.ts'

/** What was said between the person, the model and the tools; on the disk after each step: a line with the version, then a message a line. */
export interface Conversation {
  readonly messages: readonly ChatMessage[]
  readonly add: (message: ChatMessage) => void
  readonly replace: (messages: readonly ChatMessage[]) => void
}

/** Opens the conversation of an attempt, which begins with these messages. */
export function openConversation(
  path: string,
  redact: Redact,
  beginning: readonly ChatMessage[],
): Conversation {
  let kept: readonly ChatMessage[] = []
  const replace = (messages: readonly ChatMessage[]): void => {
    kept = messages.map((message) => redacted(message, redact))
    onDisk(() => writeFileSync(`${path}.new`, [versionLine, ...kept.map(lineOf)].join(''), { mode: 0o600 }))
    renameSync(`${path}.new`, path)
  }
  replace(beginning)
  return {
    get messages() {
      return kept
    },
    add: (message) => {
      const own = redacted(message, redact)
      onDisk(() => appendFileSync(path, lineOf(own), { mode: 0o600 }))
      kept = [...kept, own]
    },
    replace,
  }
}

/** The conversation of the attempt before, or of the last one before it that came to have one; with its spools, oldest first. */
export function formerConversation(previous: string | null): {
  readonly messages: readonly ChatMessage[]
  readonly spools: readonly string[]
} {
  const spools: string[] = []
  for (let spool = previous; spool !== null && spools.length < limit.attemptsFollowed;) {
    spools.unshift(spool)
    const messages = readConversation(join(spool, 'conversation'))
    if (messages.length > 0) return { messages: mended(messages), spools }
    spool = previousOf(spool)
  }
  return { messages: [], spools }
}

/** Every call with its result behind it: what has none was cut off by the end of that attempt; a result without its call goes. */
export function mended(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const results = new Map(
    messages.flatMap((each) => (each.role === 'tool' ? [[each.call, each] as const] : [])),
  )
  return messages.flatMap((message): readonly ChatMessage[] => {
    if (message.role === 'tool') return []
    if (message.role === 'user') return [message]
    return [message, ...message.calls.map(({ id }) => results.get(id) ?? interrupted(id))]
  })
}

function interrupted(call: string): ChatMessage {
  return { role: 'tool', call, text: 'This call was interrupted; it may have had an effect.', failed: true }
}

function previousOf(spool: string): string | null {
  try {
    return readSettings(spool).previous
  } catch {
    return null
  }
}

/** A line that was cut off by a crash ends it; of a newer version nothing is read. */
function readConversation(path: string): ChatMessage[] {
  const messages: ChatMessage[] = []
  const [first = '', ...rest] = textOf(path).split('\n')
  const version = versionOf(first)
  // 0.1.0 wrote version 1 without a line for it.
  for (const line of version === null ? [first, ...rest] : rest) {
    const reading = readVersion(messageFormat, version ?? 1, parsedLine(line))
    if (!reading.ok) break
    messages.push(reading.data)
  }
  return messages
}

function versionOf(line: string): number | null {
  const parsed = v.safeParse(v.object({ version: v.number() }), parsedLine(line))
  return parsed.success ? parsed.output.version : null
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

// The mark holds nothing that JSON would spell otherwise, so the line stays JSON.
function redacted(message: ChatMessage, redact: Redact): ChatMessage {
  const text = JSON.stringify(message)
  const own = redact(text)
  return own === text ? message : (JSON.parse(own) as ChatMessage)
}

function lineOf(message: ChatMessage): string {
  return `${JSON.stringify(message)}\n`
}

const call = v.object({
  id: v.string(),
  name: v.string(),
  input: v.nullable(v.record(v.string(), v.unknown())),
  received: v.string(),
})
const messageSchema: v.GenericSchema<unknown, ChatMessage> = v.variant('role', [
  v.object({ role: v.literal('user'), text: v.string() }),
  v.object({
    role: v.literal('assistant'),
    text: v.string(),
    calls: v.array(call),
    echo: v.exactOptional(v.object({ provider: v.string(), value: v.unknown() })),
  }),
  v.object({ role: v.literal('tool'), call: v.string(), text: v.string(), failed: v.boolean() }),
])
const messageFormat: Format<ChatMessage> = format(messageSchema)
const versionLine = `${JSON.stringify({ version: messageFormat.version })}\n`
