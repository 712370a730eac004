import { type Answer, ProviderFailure } from '../adapters/provider/provider.ts'
import { costOf } from '../core/budget/price.ts'
import { limit } from '../core/limit.ts'
import { act } from './act.ts'
import { keepable, tokensOf } from './answer.ts'
import { givenUp } from './endpoint.ts'
import { addTurn, allowanceWord } from './guard.ts'
import { Finished, Halt } from './halt.ts'
import { cutAnswer, noCall } from './prompt.ts'
import { pruned } from './prune.ts'
import { waitForPerson } from './waiting.ts'
import type { Work } from './work.ts'

/** Works until the model says that it is done, and answers with its summary. What only the person can decide is waited for. */
export async function untilFinished(work: Work): Promise<string> {
  for (;;) {
    try {
      await step(work)
    } catch (thrown) {
      if (thrown instanceof Finished) return thrown.summary
      if (!(thrown instanceof Halt)) throw thrown
      await waitForPerson(work, thrown.message)
    }
  }
}

/** One question, one answer, its calls; the conversation is on the disk after each of them. */
async function step(work: Work): Promise<void> {
  const { conversation, desk } = work
  const signal = work.control.begin()
  for (const { text, joined } of desk.take()) {
    conversation.add({ role: 'user', text })
    joined()
  }
  const word = allowanceWord(work.guard)
  if (word.kind === 'halt') throw new Halt(word.text)
  if (word.kind === 'tell') {
    conversation.add({ role: 'user', text: word.text })
    work.guard = { ...work.guard, warned: true }
  }
  const startedMs = performance.now()
  const answer = keepable(await query(work, signal), conversation.messages)
  count(work, answer, Math.round(performance.now() - startedMs))
  keep(work, answer)
  if (answer.calls.length > 0) {
    work.callless = 0
    await act(work, answer.calls, signal)
  } else withoutCall(work, answer)
  signal.throwIfAborted()
}

/** Asks; a conversation that is too long is asked once more without the output of old calls. */
async function query(work: Work, signal: AbortSignal): Promise<Answer> {
  const { conversation, ask, pane, plan } = work
  try {
    return await ask(conversation.messages, signal)
  } catch (thrown) {
    if (!(thrown instanceof ProviderFailure)) throw thrown
    if (thrown.kind !== 'context') throw givenUp(plan, thrown)
  }
  const shorter = pruned(conversation.messages, limit.recentTokensKept)
  if (shorter === conversation.messages) throw new Halt(tooLong)
  conversation.replace(shorter)
  pane.say('(too long for the model: old output was left out)', 'quiet')
  try {
    return await ask(conversation.messages, signal)
  } catch (thrown) {
    if (!(thrown instanceof ProviderFailure)) throw thrown
    throw thrown.kind === 'context' ? new Halt(tooLong) : givenUp(plan, thrown)
  }
}

function count(work: Work, answer: Answer, durationMs: number): void {
  const { usage } = answer
  const costUsd = costOfAnswer(answer, work)
  work.turn += 1
  work.guard = addTurn(work.guard, tokensOf(answer), costUsd)
  work.outbox.tell('agent.turned', { turn: work.turn, model: work.plan.model, usage, costUsd, durationMs })
  const cached = usage.cachedTokens === 0 ? '' : ` (${usage.cachedTokens} cached)`
  const cost = costUsd === null ? '' : `, $${costUsd.toFixed(4)}`
  const tokens = `${usage.estimated ? 'about ' : ''}${usage.inputTokens} in${cached}, ${usage.outputTokens} out`
  work.pane.say(`· ${tokens}${cost}, ${(durationMs / 1000).toFixed(1)} s`, 'quiet')
}

function costOfAnswer({ costUsd, usage }: Answer, { plan }: Work): number | null {
  return costUsd !== null && Number.isFinite(costUsd) && costUsd >= 0 ? costUsd : costOf(usage, plan.price)
}

// What is empty would be refused with the next question.
function keep({ conversation, outbox }: Work, { text, calls, echo }: Answer): void {
  if (text.trim() !== '') outbox.tell('agent.said', { text })
  if (text.trim() === '' && calls.length === 0) return
  conversation.add({ role: 'assistant', text, calls, ...(echo === undefined ? {} : { echo }) })
}

/** The model is told once how to go on; what it says then is taken as a question to the person. */
function withoutCall(work: Work, { ended, text }: Answer): void {
  if (ended === 'refused') throw new Halt(`the model refused: ${text.trim() || 'it gave no reason'}`)
  work.callless += 1
  if (ended === 'length') {
    if (work.callless > cutsMax)
      throw new Halt('its answers are cut at their limit again and again: say what to do instead')
    work.conversation.add({ role: 'user', text: cutAnswer })
    return
  }
  if (work.callless > 1) throw new Halt(text.trim() || 'the model answers nothing: say what to do')
  work.conversation.add({ role: 'user', text: noCall })
}

const cutsMax = 3
const tooLong = 'the conversation is too long for the model: stop, or say what to do in fewer words'
