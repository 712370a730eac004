import type { FailureKind } from './provider.ts'

/** What an endpoint said about a failure, as it said it; `status` is null where the stream had begun. */
export interface Fault {
  readonly status: number | null
  readonly type: string
  readonly code: string
  readonly message: string
}

// Names and numbers of single providers: 11xx and 13xx are Z.ai's.
const named: ReadonlyMap<string, FailureKind> = new Map([
  ['context_length_exceeded', 'context'],
  ['exceed_context_size_error', 'context'],
  ['string_above_max_length', 'context'],
  ['insufficient_quota', 'quota'],
  ['exceeded_current_quota_error', 'quota'],
  ['billing_error', 'quota'],
  ['billing_hard_limit_reached', 'quota'],
  ['insufficient_balance', 'quota'],
  ['1113', 'quota'],
  ['1304', 'quota'],
  ['1308', 'quota'],
  ['1309', 'quota'],
  ['1310', 'quota'],
  ['engine_overloaded_error', 'overload'],
  ['overloaded_error', 'overload'],
  ['api_error', 'overload'],
  ['server_error', 'overload'],
  ['timeout_error', 'overload'],
  ['1305', 'overload'],
  ['1302', 'rate'],
  ['1303', 'rate'],
  ['rate_limit_error', 'rate'],
  ['rate_limit_exceeded', 'rate'],
  ['rate_limit_reached_error', 'rate'],
  ['authentication_error', 'auth'],
  ['permission_error', 'auth'],
  ['invalid_api_key', 'auth'],
  ['invalid_request_error', 'request'],
  ['not_found_error', 'request'],
])

const tooLong =
  /prompt is too long|input is too long|maximum context|context (length|window|size)|exceed\w* .{0,40}context/i
const unpaid =
  /insufficient (balance|quota|credit|funds)|credit balance|exceeded your current quota|payment required/i

/** What a failure means for what to do next. */
export function kindOf(fault: Fault): FailureKind {
  const { type, code, message } = fault
  const status = fault.status ?? statusIn(code)
  const word = named.get(code) ?? named.get(type)
  if (word === 'context' || word === 'quota') return word
  const refused = status === null || (status >= 400 && status < 500)
  if (refused && status !== 429 && status !== 401 && tooLong.test(message)) return 'context'
  if (status === 402 || (refused && unpaid.test(message))) return 'quota'
  if (status === 401 || status === 403) return 'auth'
  if (status === 429) return word === 'overload' ? 'overload' : 'rate'
  if (status === 408 || status === 409 || status === 425 || (status !== null && status >= 500))
    return 'overload'
  if (word !== undefined) return word
  return status === null ? 'overload' : 'request'
}

// OpenRouter tells the status as the code of an error in the middle of a stream.
function statusIn(code: string): number | null {
  return /^[45]\d\d$/.test(code) ? Number(code) : null
}
