import type { ToolUse } from '../adapters/provider/provider.ts'
import { limit } from '../core/limit.ts'
import { cut, gist } from './cut.ts'
import { addCall, callsWord } from './guard.ts'
import { Ended, Finished, Halt, Interrupted } from './halt.ts'
import { printableLine } from './printable.ts'
import { toolNamed } from './tool/tools.ts'
import { ToolFailure } from './tool/tool.ts'
import type { Work } from './work.ts'

/** Makes the calls of an answer one after the other; each has its result in the conversation before the next, or before anything ends. */
export async function act(work: Work, calls: readonly ToolUse[], signal: AbortSignal): Promise<void> {
  for (const [index, call] of calls.entries()) {
    try {
      if (index < limit.callsPerAnswer) await perform(work, call, signal)
      else settle(work, call, notRun('too many calls in one answer'))
    } catch (thrown) {
      for (const left of calls.slice(index + 1)) settle(work, left, notRun('an earlier call ended this'))
      throw thrown
    }
  }
}

interface Result {
  readonly text: string
  readonly failed: boolean
}

async function perform(work: Work, call: ToolUse, signal: AbortSignal): Promise<void> {
  const { pane, outbox } = work
  const subject = cut(printableLine(work.surroundings.redact(subjectOf(call))), limit.reportLineCharacters)
  // A question is shown as one, and a summary at the end.
  const isShown = call.name !== 'ask' && call.name !== 'finish'
  if (isShown)
    pane.begin(`→ ${printableLine(call.name)}${subject === '' ? '' : ` ${cut(subject, subjectCharacters)}`}`)
  const startedMs = performance.now()
  const { result, thrown } = await outcomeOf(work, call, signal)
  const durationMs = Math.round(performance.now() - startedMs)
  if (isShown || (result.failed && thrown === null))
    pane.end(` · ${result.failed ? 'failed: ' : ''}${printableLine(gist(result.text, gistCharacters))}`)
  work.guard = addCall(work.guard, `${call.name} ${call.received}`, !result.failed)
  const word = callsWord(work.guard)
  settle(work, call, word.kind === 'tell' ? { ...result, text: `${result.text}\n\n${word.text}` } : result)
  outbox.tell('tool.called', { tool: call.name, subject, ok: !result.failed, durationMs })
  if (thrown !== null) throw thrown
  if (word.kind === 'halt') throw new Halt(word.text)
}

function settle({ conversation, taken }: Work, call: ToolUse, { text, failed }: Result): void {
  conversation.add({ role: 'tool', call: call.id, text, failed })
  for (const heard of taken.splice(0)) heard.joined()
}

/** The result of a call, and what ends the step with it. */
async function outcomeOf(
  work: Work,
  call: ToolUse,
  signal: AbortSignal,
): Promise<{ readonly result: Result; readonly thrown: Error | null }> {
  try {
    signal.throwIfAborted()
    const text = await called(work, call, signal)
    return { result: { text, failed: false }, thrown: null }
  } catch (thrown) {
    if (thrown instanceof Finished) return finishing(work, thrown)
    if (thrown instanceof Interrupted) return { result: failedWith('interrupted by the person'), thrown }
    if (thrown instanceof Ended)
      return { result: failedWith('interrupted: the agent was told to end'), thrown }
    if (thrown instanceof ToolFailure) return { result: failedWith(thrown.message), thrown: null }
    const { code, message } = thrown as NodeJS.ErrnoException
    if (typeof code === 'string' && /^E[A-Z0-9]+$/.test(code))
      return { result: failedWith(message), thrown: null }
    throw thrown
  }
}

function called(work: Work, call: ToolUse, signal: AbortSignal): Promise<string> {
  work.checkGround()
  const tool = toolNamed(call.name)
  if (call.input !== null) return tool.call(call.input, { ...work.surroundings, signal })
  const received = call.received === '' ? 'nothing' : cut(call.received, receivedCharacters)
  throw new ToolFailure(
    `The input of ${call.name} was no JSON object, or too large; nothing was done. Received: ${received}`,
  )
}

/** What the person said meanwhile is read before the end. */
function finishing(
  work: Work,
  finished: Finished,
): { readonly result: Result; readonly thrown: Error | null } {
  if (work.desk.isEmpty) return { result: { text: 'finished', failed: false }, thrown: finished }
  return { result: failedWith('not finished yet: the person has written, read that first'), thrown: null }
}

function subjectOf({ name, input }: ToolUse): string {
  try {
    return input === null ? '' : toolNamed(name).subject(input)
  } catch {
    return ''
  }
}

function failedWith(text: string): Result {
  return { text, failed: true }
}

function notRun(why: string): Result {
  return failedWith(`not run: ${why}`)
}

const subjectCharacters = 120
const gistCharacters = 120
const receivedCharacters = 500
