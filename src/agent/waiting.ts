import { gist } from './cut.ts'
import { renewedGuard } from './guard.ts'
import type { Work } from './work.ts'

/** Waits for the person to say something, which goes into the conversation; who had spent its allowance gets another one. */
export async function waitForPerson(work: Work, reason: string): Promise<void> {
  work.pane.say(`‖ waiting: ${gist(reason, shownCharacters)}`, 'loud')
  const heard = await heardAfter(work, reason)
  for (const { text, joined } of heard) {
    work.conversation.add({ role: 'user', text })
    joined()
  }
  work.guard = renewedGuard(work.guard)
  work.callless = 0
}

/** Asks the person for the model; what they say is the result of its call. */
export async function askPerson(work: Work, question: string): Promise<string> {
  work.pane.say(`? ${question}`, 'loud')
  const heard = await heardAfter(work, question)
  work.taken.push(...heard)
  return heard.map(({ text }) => text).join('\n\n')
}

async function heardAfter(
  { pane, outbox, desk, control }: Work,
  reason: string,
): ReturnType<typeof desk.next> {
  outbox.tell('agent.reported', { status: 'waiting', message: reason })
  pane.ask(true)
  control.isIdle = true
  try {
    const heard = await desk.next(control.ending)
    outbox.tell('agent.reported', { status: 'working', message: 'the person answered' })
    return heard
  } finally {
    control.isIdle = false
    pane.ask(false)
  }
}

const shownCharacters = 300
