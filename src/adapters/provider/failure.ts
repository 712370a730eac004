import { limit } from '../../core/limit.ts'
import { type Fault, kindOf } from './classify.ts'
import type { Endpoint } from './endpoint.ts'
import { ProviderFailure } from './provider.ts'
import { asRecord, asText } from './unknown.ts'
import { askedWaitMs } from './wait.ts'

/** What an SDK or the network threw, as a failure that says what to do next; never with the key in it. */
export function failureOf(thrown: unknown, endpoint: Endpoint): ProviderFailure {
  const known = causes(thrown).find((each) => each instanceof ProviderFailure)
  if (known !== undefined) return known
  const said = saidByEndpoint(thrown)
  if (said === null) return new ProviderFailure('network', shown(brokenText(thrown, endpoint), endpoint))
  const prefix = said.fault.status === null ? 'in the middle of an answer: ' : `${said.fault.status}: `
  return new ProviderFailure(
    kindOf(said.fault),
    shown(prefix + said.fault.message, endpoint),
    askedWaitMs(said.header, Date.now()),
  )
}

/** A text of the endpoint as it may be shown: without the key, on one line, of bounded length. */
export function shown(text: string, endpoint: Endpoint): string {
  // Cut last of all, so that no half of a key is left.
  const line = endpoint.hide(text).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
  return line.slice(0, limit.failureCharacters).toWellFormed()
}

// Both SDKs' APIError: status, headers and the body; a connection that failed has none of them.
function saidByEndpoint(thrown: unknown): { fault: Fault; header: (name: string) => string | null } | null {
  if (!(thrown instanceof Error)) return null
  const { status, headers, error: body } = thrown as Error & Record<'status' | 'headers' | 'error', unknown>
  if (typeof status !== 'number' && body === undefined) return null
  const outer = asRecord(body)
  const error = asRecord(outer?.['error']) ?? outer
  const code = error?.['code']
  return {
    fault: {
      status: typeof status === 'number' ? status : null,
      type: asText(error?.['type']),
      code: typeof code === 'number' ? String(code) : asText(code),
      message: messageIn(error, outer) || thrown.message,
    },
    header: (name) => (headers instanceof Headers ? headers.get(name) : null),
  }
}

function messageIn(...bodies: (Record<string, unknown> | null)[]): string {
  const found = bodies.flatMap((body) => ['message', 'detail', 'error'].map((key) => asText(body?.[key])))
  return found.find((text) => text !== '') ?? ''
}

function brokenText(thrown: unknown, { address }: Endpoint): string {
  if (thrown instanceof SyntaxError) return 'the answer has a piece that is no JSON'
  const code = causes(thrown)
    .map((each) => asText(asRecord(each)?.['code']))
    .find((each) => /^[A-Z_]+$/.test(each))
  const { host } = new URL(address)
  return `the connection to ${host} failed${code === undefined ? '' : ` (${code})`}`
}

function causes(thrown: unknown): unknown[] {
  const found: unknown[] = []
  for (let each = thrown; each instanceof Error && found.length < 5; each = each.cause) found.push(each)
  return found
}
