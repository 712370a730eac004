import { setTimeout as delay } from 'node:timers/promises'
import { KageError } from '../../core/error.ts'
import type { SendOutcome } from '../../core/event.ts'
import { limit } from '../../core/limit.ts'
import { branch } from './command.ts'
import type { Command } from './command.ts'
import type { Control } from './control.ts'
import { belongsTo, checkedPane } from './name.ts'
import { sanitise } from './sanitise.ts'
import { runTmux } from './server.ts'

/** Keys that may be pressed in an agent's pane. */
export type Key = 'Enter' | 'Escape' | 'C-c' | 'C-d'

/**
 * Pastes a text into an agent's pane and presses Enter, once; texts for the same pane keep their order. `refused`:
 * nothing was typed (the pane is another's, gone or dead); `staged`: it stands there, not sent off; `unverified`: sent
 * off, and nothing proves that the program took it.
 */
export function sendText(control: Control, pane: string, agent: string, text: string): Promise<SendOutcome> {
  const target = checkedPane(pane)
  return control.inTurn(`text ${target}`, () => paste(control, target, agent, sanitise(text)))
}

/** Presses a key in an agent's pane; false when the pane is another's, gone or dead. */
export function sendKey(control: Control, pane: string, agent: string, key: Key): Promise<boolean> {
  const target = checkedPane(pane)
  return control.inTurn(`text ${target}`, () =>
    guarded(control, target, agent, [['send-keys', '-t', target, key]]),
  )
}

async function paste(control: Control, pane: string, agent: string, text: string): Promise<SendOutcome> {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length === 0 || bytes.length > limit.messageBytes)
    throw new KageError('KAGE_USAGE', `A text of ${bytes.length} bytes cannot be sent.`)
  const buffer = `kage-${pane.slice(1)}`
  await load(control, buffer, bytes)
  const pasted = await guarded(control, pane, agent, [['paste-buffer', '-p', '-d', '-b', buffer, '-t', pane]])
  if (!pasted) {
    await control.request([['delete-buffer', '-b', buffer]])
    return 'refused'
  }
  await delay(Math.max(150, Math.ceil((bytes.length / 1024) * 15)))
  const sent = await guarded(control, pane, agent, [['send-keys', '-t', pane, 'Enter']])
  return sent ? 'unverified' : 'staged'
}

async function load(control: Control, buffer: string, bytes: Buffer): Promise<void> {
  const { code, stderr } = await runTmux(control.server, ['load-buffer', '-b', buffer, '-'], {
    input: bytes,
  })
  if (code !== 0) throw new KageError('KAGE_TMUX_LOST', `tmux did not take the text: ${stderr.trim()}`)
}

/** Acts only on a live pane of that agent, tested in the same step of the server: a dead pane can crash tmux. */
async function guarded(
  control: Control,
  pane: string,
  agent: string,
  act: readonly Command[],
): Promise<boolean> {
  const condition = `#{&&:#{==:#{pane_dead},0},${belongsTo(agent)}}`
  const leaveMode = branch(pane, '#{pane_in_mode}', [['copy-mode', '-q', '-t', pane]], [])
  const yes: Command[] = [leaveMode, ...act, ['display-message', '-p', 'done']]
  const lines = await control.demand([branch(pane, condition, yes, [['display-message', '-p', 'refused']])])
  return lines.includes('done')
}
