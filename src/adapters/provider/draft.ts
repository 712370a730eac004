import { estimatedTokens, type Usage } from '../../core/budget/usage.ts'
import { limit } from '../../core/limit.ts'
import { inputOf } from './arguments.ts'
import { freshCallId } from './call-id.ts'
import { type Answer, type AnswerRequest, type Echo, ProviderFailure, type ToolUse } from './provider.ts'

/** An answer while it comes in pieces; both protocols fill the same one. */
export interface Draft {
  text: string
  reasoning: string
  /** The field in which the endpoint sent it, and wants it back. */
  reasoningField: string
  readonly calls: Map<number, CallDraft>
  /** How it ended, once the endpoint has said so. */
  ended: Answer['ended'] | null
  usage: Usage | null
  costUsd: number | null
  /** Characters of text, reasoning and arguments together. */
  characters: number
  /** More has come than an answer may have. */
  full: boolean
}

interface CallDraft {
  id: string
  name: string
  received: string
}

export function emptyDraft(): Draft {
  return {
    text: '',
    reasoning: '',
    reasoningField: '',
    calls: new Map(),
    ended: null,
    usage: null,
    costUsd: null,
    characters: 0,
    full: false,
  }
}

/** Adds text and gives back what of it there was room for. */
export function addText(draft: Draft, piece: string): string {
  const fitting = fit(draft, piece)
  draft.text += fitting
  return fitting
}

export function addReasoning(draft: Draft, piece: string): void {
  draft.reasoning += fit(draft, piece)
}

/** Adds a fragment of a call; its id and name come with the first one, its arguments bit by bit. */
export function addCall(draft: Draft, index: number, { id, name, received }: Partial<CallDraft>): void {
  const call = draft.calls.get(index) ?? { id: '', name: '', received: '' }
  if (call.id === '') call.id = fit(draft, id ?? '')
  if (call.name === '') call.name = fit(draft, name ?? '')
  call.received += fit(draft, received ?? '')
  draft.calls.set(index, call)
  if (draft.calls.size > limit.answerCalls) draft.full = true
}

/** The answer of a draft; calls only where it came to its end as it should. Fails where no end came. */
export function answerOf(draft: Draft, request: AnswerRequest, echo: Echo | null): Answer {
  if (draft.full) return { ...partsOf(draft, request), calls: [], ended: 'length' }
  if (draft.ended === null)
    throw new ProviderFailure('network', 'the answer broke off before it was finished')
  const whole = draft.ended === 'done' || draft.ended === 'tools'
  const calls = whole ? callsOf(draft) : []
  const ended = whole ? (calls.length > 0 ? 'tools' : 'done') : draft.ended
  return { ...partsOf(draft, request), calls, ended, ...(echo !== null && whole ? { echo } : {}) }
}

function fit(draft: Draft, piece: string): string {
  const room = limit.answerCharacters - draft.characters
  if (piece.length > room) draft.full = true
  const fitting = piece.length > room ? piece.slice(0, room).toWellFormed() : piece
  draft.characters += fitting.length
  return fitting
}

function partsOf(draft: Draft, request: AnswerRequest): Pick<Answer, 'text' | 'usage' | 'costUsd'> {
  return {
    text: draft.text,
    // What was reported before the end is not all.
    usage: (draft.full ? null : draft.usage) ?? estimatedUsage(draft, request),
    costUsd: draft.costUsd,
  }
}

function callsOf(draft: Draft): ToolUse[] {
  const taken = new Set<string>()
  const inOrder = [...draft.calls].toSorted(([left], [right]) => left - right)
  return inOrder.map(([, { id, name, received }]) => {
    const own = id === '' || taken.has(id) ? freshCallId() : id
    taken.add(own)
    return { id: own, name, input: inputOf(received), received }
  })
}

// What an endpoint that says nothing is taken to have used.
function estimatedUsage(draft: Draft, { system, messages, tools }: AnswerRequest): Usage {
  const asked = system.length + JSON.stringify(messages).length + JSON.stringify(tools).length
  return {
    inputTokens: estimatedTokens(asked),
    cachedTokens: 0,
    outputTokens: estimatedTokens(draft.characters),
    estimated: true,
  }
}
