import { expect, test } from 'vitest'
import { kindOf } from '../../../src/adapters/provider/classify.ts'
import type { FailureKind } from '../../../src/adapters/provider/provider.ts'

const said: [number | null, string, string, string, FailureKind][] = [
  [401, 'authentication_error', '', 'invalid x-api-key', 'auth'],
  [401, 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided', 'auth'],
  [403, 'permission_error', '', 'no access to that model', 'auth'],
  [null, 'authentication_error', '', 'expired', 'auth'],
  [402, 'billing_error', '', 'Insufficient Balance', 'quota'],
  [402, '', '', 'pay', 'quota'],
  [429, 'insufficient_quota', 'insufficient_quota', 'You exceeded your current quota', 'quota'],
  [400, 'invalid_request_error', '', 'Your credit balance is too low to access the API', 'quota'],
  [429, 'exceeded_current_quota_error', '', 'suspended', 'quota'],
  [429, '', '1308', 'Usage limit reached for 5 hour', 'quota'],
  [429, '', '1113', 'Insufficient balance or no resource package', 'quota'],
  [429, '', '1302', 'Rate limit reached', 'rate'],
  [429, 'rate_limit_error', '', 'too many tokens per minute', 'rate'],
  [429, 'requests', 'rate_limit_exceeded', 'Limit 3, context length is no matter', 'rate'],
  [429, '', '', '', 'rate'],
  [429, '', '1305', 'The service is overloaded', 'overload'],
  [429, 'engine_overloaded_error', '', 'overloaded', 'overload'],
  [529, 'overloaded_error', '', 'Overloaded', 'overload'],
  [503, '', '', 'maximum context of the queue', 'overload'],
  [500, 'api_error', '', 'Internal', 'overload'],
  [408, '', '', '', 'overload'],
  [null, 'overloaded_error', '', 'Overloaded', 'overload'],
  [null, 'server_error', '', '', 'overload'],
  [null, '', '', '', 'overload'],
  [null, '', '502', 'Bad gateway', 'overload'],
  [null, '', '429', 'Slow down', 'rate'],
  [null, 'rate_limit_error', '', '', 'rate'],
  [
    400,
    'invalid_request_error',
    'context_length_exceeded',
    "This model's maximum context length is 128000 tokens",
    'context',
  ],
  [400, 'invalid_request_error', '', 'prompt is too long: 215000 tokens > 200000 maximum', 'context'],
  [
    400,
    'exceed_context_size_error',
    '400',
    'the request exceeds the available context size, try increasing it',
    'context',
  ],
  [413, 'request_too_large', '', 'Input is too long', 'context'],
  [413, 'request_too_large', '', 'Request exceeds the maximum size', 'request'],
  [400, 'invalid_request_error', '', "Unsupported parameter: 'x'", 'request'],
  [404, 'not_found_error', 'model_not_found', 'The model does not exist', 'request'],
  [422, '', '', 'Unprocessable', 'request'],
  [307, '', '', '', 'request'],
  [null, 'invalid_request_error', '', 'wrong', 'request'],
  [400, 'constructor', 'toString', '__proto__', 'request'],
]

test.each(said)('status %s, type %j, code %j, %j means %s', (status, type, code, message, kind) => {
  expect(kindOf({ status, type, code, message })).toBe(kind)
})
