import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openLog } from '../adapters/process/log.ts'
import type { AgentSettings } from '../core/agent/settings.ts'
import { KageError, faultOf } from '../core/error.ts'
import { limit } from '../core/limit.ts'
import { Control } from './control.ts'
import { type Conversation, formerConversation, openConversation } from './conversation.ts'
import { cut } from './cut.ts'
import { Desk } from './desk.ts'
import { openEndpoint } from './endpoint.ts'
import { makeGroundCheck } from './ground.ts'
import { freshGuard } from './guard.ts'
import { Ended } from './halt.ts'
import { keptLine, openInbox } from './inbox.ts'
import { untilFinished } from './loop.ts'
import { type Outbox, openOutbox } from './outbox.ts'
import { type Pane, openPane } from './pane/pane.ts'
import { printable } from './printable.ts'
import { goingOn, systemPrompt } from './prompt.ts'
import { type Secrets, takeSecrets } from './secrets.ts'
import { readSettings, readTask } from './settings-file.ts'
import { askPerson } from './waiting.ts'
import type { Work } from './work.ts'

/** Runs the agent of a spool to its end and answers with the exit code; what goes wrong is told in its pane and outbox. */
export async function runAgent(taskFile: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const spool = dirname(taskFile)
  const settings = readSettings(spool)
  const secrets = takeSecrets(environment, settings.model.keyEnv)
  const outbox = openOutbox(join(spool, 'outbox'), secrets.redact)
  const desk = new Desk()
  const control = new Control()
  const pane = openPane({
    input: process.stdin,
    output: process.stdout,
    environment,
    secrets: secrets.all,
    redact: secrets.redact,
    onLine: (text) => {
      outbox.tell('message.heard', { id: null, text })
      pane.say(`> ${text}`)
      desk.hear(keptLine(spool, text))
    },
    onInterrupt: () => control.interrupt(),
  })
  const end = (thrown: unknown): number => {
    pane.close()
    if (thrown instanceof Ended) return thrown.code
    const fault = faultOf(thrown)
    if (fault.code === 'KAGE_INTERNAL')
      openLog(join(spool, 'agent.log'), limit.logBytes).write(secrets.redact(stackOf(thrown)))
    tellEnd(secrets.redact(`${fault.code}: ${fault.message} ${fault.hint}`), outbox)
    return 1
  }
  listen(control, (thrown) => process.exit(end(thrown)))
  try {
    await toTheEnd(settings, spool, secrets, { desk, control, pane, outbox })
    pane.close()
    return 0
  } catch (thrown) {
    return end(thrown)
  }
}

type Parts = Pick<Work, 'desk' | 'control' | 'pane' | 'outbox'>

async function toTheEnd(
  settings: AgentSettings,
  spool: string,
  secrets: Secrets,
  parts: Parts,
): Promise<void> {
  const { pane, outbox, desk } = parts
  const { model, previous } = settings
  pane.say(`── ${settings.agent} · ${model.model} by ${model.provider}`, 'loud')
  const former = formerConversation(previous)
  if (model.limits.usd !== null && model.price === null)
    pane.say('(its price is unknown: the limit of money holds only where the endpoint tells costs)', 'quiet')
  const conversation = beginning(spool, former.messages, secrets, pane)
  outbox.tell('agent.reported', {
    status: 'working',
    message: former.messages.length === 0 ? 'began' : 'goes on',
  })
  const inbox = openInbox([...former.spools, spool], {
    onMessage: (id, heard) => {
      outbox.tell('message.heard', { id, text: heard.text })
      pane.say(`> ${heard.text}`)
      desk.hear(heard)
    },
    onLeftOver: (id, heard, isTold) => {
      if (!isTold) outbox.tell('message.heard', { id, text: heard.text })
      desk.hear(heard)
    },
  })
  try {
    const summary = await untilFinished(workOf(settings, spool, secrets, conversation, parts))
    outbox.tell('agent.finished', { summary })
    pane.say(`finished: ${summary}`, 'loud')
  } finally {
    inbox.close()
  }
}

function beginning(
  spool: string,
  former: Conversation['messages'],
  { redact }: Secrets,
  pane: Pane,
): Conversation {
  const task = readTask(spool)
  pane.say(`task: ${cut(task, limit.taskHeadCharacters)}`)
  const first = former.length === 0 ? { role: 'user' as const, text: task } : null
  if (first === null) pane.say('(goes on where the attempt before this one ended)', 'quiet')
  const messages = first === null ? [...former, { role: 'user' as const, text: goingOn }] : [first]
  return openConversation(join(spool, 'conversation'), redact, messages)
}

function workOf(
  settings: AgentSettings,
  spool: string,
  { key, all, redact, environmentForTools }: Secrets,
  conversation: Conversation,
  parts: Parts,
): Work {
  const plan = settings.model
  if (plan.keyEnv !== null && key === null)
    throw new KageError(
      'KAGE_KEY_MISSING',
      `${plan.provider} needs a key in ${plan.keyEnv}, which is not set.`,
    )
  const root = realpathSync(process.cwd())
  const work: Work = {
    ...parts,
    plan,
    conversation,
    ask: openEndpoint(plan, key, redact(systemPrompt(settings, root)), parts),
    surroundings: {
      root,
      spool,
      environment: environmentForTools,
      secrets: all,
      redact,
      askPerson: (question) => askPerson(work, question),
    },
    checkGround: makeGroundCheck(root),
    guard: freshGuard(plan.limits),
    turn: conversation.messages.filter(({ role }) => role === 'assistant').length,
    callless: 0,
    taken: [],
  }
  return work
}

function listen(control: Control, onDefect: (thrown: unknown) => void): void {
  process.on('SIGINT', () => control.interrupt())
  process.on('SIGTERM', () => control.end(128 + 15))
  process.on('SIGHUP', () => control.end(128 + 1))
  process.on('uncaughtException', onDefect)
  process.on('unhandledRejection', onDefect)
}

/** The last word of an agent that cannot go on; where even the outbox fails, the pane has it. */
function tellEnd(text: string, outbox: Outbox): void {
  process.stdout.write(`${printable(text)}\n`)
  try {
    outbox.tell('agent.said', { text })
  } catch {
    return
  }
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}
