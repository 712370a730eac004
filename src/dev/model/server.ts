import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { anthropicDialect } from './anthropic-dialect.ts'
import { findTurn } from './conversation.ts'
import { type Dialect, partsOf } from './frame.ts'
import { openAiDialect } from './openai-dialect.ts'
import { play } from './play.ts'
import { asFields, type ModelRequest, readRequest } from './request.ts'
import type { Attempt, ModelScript, StatusFault } from './script.ts'

export interface ModelServerOptions {
  /** The key that requests have to bring; absent: any, or none. */
  readonly key?: string
}

/** A server of prepared answers: no model is behind it, and every answer says so in a header. */
export interface ModelServer {
  /** Without a path: /v1/chat/completions and /v1/messages are beneath it, also without /v1 or after another prefix. */
  readonly address: string
  /** Every request so far, in the order in which they came. */
  readonly requests: readonly ModelRequest[]
  close(): Promise<void>
}

const dialects: Readonly<Record<string, Dialect>> = {
  '/chat/completions': openAiDialect,
  '/messages': anthropicDialect,
}

/** Starts a server on a free port of 127.0.0.1 that streams a script's answers in both protocols. */
export async function startModelServer(
  script: ModelScript,
  options: ModelServerOptions = {},
): Promise<ModelServer> {
  const requests: ModelRequest[] = []
  const tries = new Map<string, number>()
  const server = createServer((incoming, response) => {
    void answer(incoming, response).catch((error: unknown) => response.destroy(error as Error))
  })
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('x-prepared-answers', 'no model is behind this server')
    const request = await readRequest(incoming)
    requests.push(request)
    await answered(script, options, tries, request, response)
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answered(
  script: ModelScript,
  { key }: ModelServerOptions,
  tries: Map<string, number>,
  request: ModelRequest,
  response: ServerResponse,
): Promise<void> {
  const dialect = dialects[/\/(chat\/completions|messages)$/.exec(request.path)?.[0] ?? '']
  if (dialect === undefined || request.method !== 'POST')
    return refuse(response, openAiDialect, { status: 404, message: `No such path: ${request.path}` })
  if (key !== undefined && !brings(request, key))
    return refuse(response, dialect, { status: 401, message: 'Incorrect API key provided.' })
  const refusal = dialect.refusal(request.body, request.headers)
  if (refusal !== null) return refuse(response, dialect, { status: 400, message: refusal })
  if (request.body['stream'] !== true)
    return refuse(response, dialect, { status: 400, message: 'Answers are prepared as streams only.' })
  const found = findTurn(script, request)
  if ('problem' in found) return refuse(response, dialect, { status: found.status, message: found.problem })
  const attempt = nextAttempt(found.attempts, tries, request)
  const { fault } = attempt
  if (typeof fault === 'object' && 'status' in fault) return refuse(response, dialect, fault)
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  await play(response, dialect, partsOf(attempt, wishOf(request)), attempt)
}

function brings({ headers }: ModelRequest, key: string): boolean {
  return headers.authorization === `Bearer ${key}` || headers['x-api-key'] === key
}

// The same conversation asked again is the next try of its turn.
function nextAttempt(
  attempts: readonly Attempt[],
  tries: Map<string, number>,
  request: ModelRequest,
): Attempt {
  const conversation = idOf(request)
  const before = tries.get(conversation) ?? 0
  tries.set(conversation, before + 1)
  return attempts[Math.min(before, attempts.length - 1)] ?? {}
}

function wishOf(request: ModelRequest): Parameters<typeof partsOf>[1] {
  const { model, messages, stream_options: options } = request.body
  return {
    id: idOf(request),
    model: String(model),
    characters: JSON.stringify(messages).length,
    usageAsked: asFields(options)['include_usage'] === true,
  }
}

function idOf({ body: { model, messages } }: ModelRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([model, messages]))
    .digest('hex')
    .slice(0, 16)
}

function refuse(response: ServerResponse, dialect: Dialect, fault: StatusFault): void {
  const { status, retryAfter, code = null, message = `A prepared failure: ${status}.` } = fault
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter))
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(dialect.errorBody(status, message, code)))
}
