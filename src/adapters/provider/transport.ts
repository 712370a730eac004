import { limit } from '../../core/limit.ts'
import type { Endpoint } from './endpoint.ts'
import { shown } from './failure.ts'
import { ProviderFailure } from './provider.ts'
import { unhurried } from './unhurried.ts'

type Fetch = typeof fetch

/**
 * The fetch of both SDKs: the given headers and no others (OPENAI_CUSTOM_HEADERS and the like would add some, and the
 * SDKs never see the key), no redirects (a key is not carried elsewhere), no body beyond the limit, and an answer that
 * is no stream is told as what it is.
 */
export function transport(endpoint: Endpoint, own: Readonly<Record<string, string>>): Fetch {
  const headers = {
    accept: 'text/event-stream',
    'content-type': 'application/json',
    'user-agent': 'Kage',
    ...(endpoint.key === null ? {} : { authorization: `Bearer ${endpoint.key}` }),
    ...own,
  }
  return async (address, init = {}) => {
    const response = await fetch(address, {
      ...init,
      headers,
      redirect: 'manual',
      ...(endpoint.local ? { dispatcher: unhurried } : {}),
    })
    if (response.status >= 300 && response.status < 400) throw await redirected(response, endpoint)
    const type = response.headers.get('content-type') ?? ''
    if (response.ok && /^(text\/html|application\/json)/i.test(type)) throw await noStream(response, endpoint)
    if (response.body === null) return response
    const { status, statusText } = response
    return new Response(bounded(response.body), { status, statusText, headers: response.headers })
  }
}

async function redirected(response: Response, endpoint: Endpoint): Promise<ProviderFailure> {
  await response.body?.cancel()
  const target = shown(response.headers.get('location') ?? 'another address', endpoint)
  return new ProviderFailure('request', `the endpoint redirects to ${target}: correct its base_url`)
}

async function noStream(response: Response, endpoint: Endpoint): Promise<ProviderFailure> {
  const type = response.headers.get('content-type') ?? ''
  const text = await head(response)
  return new ProviderFailure(
    'request',
    shown(`the endpoint answered with ${type} where a stream was due: ${text}`, endpoint),
  )
}

async function head(response: Response): Promise<string> {
  if (response.body === null) return ''
  for await (const bytes of response.body as ReadableStream<Uint8Array>)
    return new TextDecoder().decode(bytes.subarray(0, 4096))
  return ''
}

// A body that fails after so many bytes; nothing above it would stop a line without an end.
function bounded(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let bytes = 0
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await reader.read()
        if (done) return controller.close()
        bytes += value.length
        if (bytes <= limit.answerBytes) return controller.enqueue(value)
        await reader.cancel()
        throw new ProviderFailure('request', 'the answer has more bytes than Kage takes')
      },
      cancel: () => readOut(reader),
    },
    { highWaterMark: 0 },
  )
}

// OpenAI's SDK lets go at [DONE], a moment before the end: read up to it, the connection serves the next question too.
async function readOut(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const late = setTimeout(() => void reader.cancel().catch(() => undefined), 100)
  try {
    while (!(await reader.read()).done);
  } catch {
    // An aborted request has nothing left to read.
  } finally {
    clearTimeout(late)
  }
}
