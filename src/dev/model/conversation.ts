import { signatureOf } from './anthropic-dialect.ts'
import { asFields, asItems, type ModelRequest } from './request.ts'
import { type Attempt, type ModelScript, piecesOf, type Turn } from './script.ts'

/** Which turn of the script a request asks for, or why it asks for none. */
export type Found =
  | { readonly turn: Turn; readonly attempts: readonly Attempt[] }
  | { readonly status: number; readonly problem: string }

/**
 * Finds the turn of a request by the name of its model and by how many answers its conversation has already: the server
 * keeps nothing of a conversation, so that agents may be ended and go on.
 */
export function findTurn(script: ModelScript, { body }: ModelRequest): Found {
  const model = String(body['model'])
  const turns = Object.hasOwn(script.agents, model) ? (script.agents[model] ?? null) : script.turns
  if (turns === null) return { status: 404, problem: `The model '${model}' has no prepared answers.` }
  const messages = asItems(body['messages']).map(asFields)
  const answers = messages.filter(({ role }) => role === 'assistant')
  const turn = turns[answers.length]
  if (turn === undefined)
    return { status: 400, problem: `No answer ${answers.length + 1} is prepared for '${model}'.` }
  const since = textOf(messages.slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1))
  if (turn.expect !== undefined && !since.includes(turn.expect))
    return {
      status: 400,
      problem: `Answer ${answers.length + 1} of '${model}' expects ${JSON.stringify(turn.expect)}, but there is: ${since.slice(0, 2000)}`,
    }
  const forgotten = answers.findIndex((answer, index) => !bringsBack(answer, turns[index]))
  if (forgotten !== -1)
    return {
      status: 400,
      problem: `The reasoning of answer ${forgotten + 1} must be passed back to the API.`,
    }
  return { turn, attempts: turn.attempts ?? [turn] }
}

function textOf(messages: readonly Record<string, unknown>[]): string {
  const blockText = (block: unknown): string => {
    const { text, content } = asFields(block)
    return [text, typeof content === 'string' ? content : asItems(content).map(blockText).join('\n')]
      .filter((part) => typeof part === 'string')
      .join('\n')
  }
  return messages.map(blockText).join('\n')
}

// As DeepSeek wants its reasoning_content, and Anthropic its signed thinking, back.
function bringsBack(answer: Record<string, unknown>, turn: Turn | undefined): boolean {
  const reasoning = piecesOf((turn?.attempts ?? [turn]).find((each) => each?.reasoning)?.reasoning).join('')
  if (reasoning === '' || answer['reasoning_content'] === reasoning) return true
  return asItems(answer['content'])
    .map(asFields)
    .some(({ thinking, signature }) => thinking === reasoning && signature === signatureOf(reasoning))
}
