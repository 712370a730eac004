import type { Answer, ChatMessage, ToolUse } from '../adapters/provider/provider.ts'
import { estimatedTokens, type Usage } from '../core/budget/usage.ts'
import { limit } from '../core/limit.ts'
import { makeCutting } from './cut.ts'

/** An answer as it can be kept: ids that are new, input of a size and depth that can be handled, counts that are counts. */
export function keepable(answer: Answer, messages: readonly ChatMessage[]): Answer {
  const taken = new Set(
    messages.flatMap((each) => (each.role === 'assistant' ? each.calls.map(({ id }) => id) : [])),
  )
  const calls = answer.calls.map((call) => {
    const id = freshId(call.id, taken)
    taken.add(id)
    return bounded({ ...call, id })
  })
  return { ...answer, text: boundedText(answer.text), calls, usage: plausible(answer) }
}

/** The tokens that an answer is counted with: never fewer than what came of it. */
export function tokensOf({ usage, text, calls }: Answer): number {
  const characters = calls.reduce((sum, call) => sum + call.received.length, text.length)
  return Math.max(usage.inputTokens + usage.outputTokens, estimatedTokens(characters))
}

function boundedText(text: string): string {
  const cutting = makeCutting(textCharacters)
  cutting.add(text)
  return cutting.text()
}

function freshId(id: string, taken: ReadonlySet<string>): string {
  if (id !== '' && !taken.has(id)) return id
  let number = taken.size + 1
  while (taken.has(`call_${number}`)) number += 1
  return `call_${number}`
}

function bounded(call: ToolUse): ToolUse {
  const isFitting = call.received.length <= limit.callCharacters && isFlat(call.input, limit.callDepth)
  if (isFitting) return { ...call, name: call.name.slice(0, nameCharacters) }
  const received = `${call.received.slice(0, shownCharacters).toWellFormed()}…`
  return { ...call, name: call.name.slice(0, nameCharacters), input: null, received }
}

/** Whether a value of JSON is nested no deeper than that. */
function isFlat(value: unknown, depthLeft: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depthLeft > 0 && Object.values(value).every((part) => isFlat(part, depthLeft - 1))
}

function plausible({ usage }: Answer): Usage {
  const fields = [usage.inputTokens, usage.cachedTokens, usage.outputTokens]
  const isPlausible = fields.every((count) => Number.isFinite(count) && count >= 0 && count <= tokensMax)
  const count = (value: number): number =>
    Number.isFinite(value) ? Math.min(Math.max(0, value), tokensMax) : 0
  return {
    inputTokens: count(usage.inputTokens),
    cachedTokens: count(usage.cachedTokens),
    outputTokens: count(usage.outputTokens),
    estimated: usage.estimated || !isPlausible,
  }
}

const nameCharacters = 100
const textCharacters = 40_000
const shownCharacters = 1000
const tokensMax = 1e9
