import { expect, test } from 'vitest'
import { endpointOf } from '../../../src/adapters/provider/endpoint.ts'
import { quirksOf } from '../../../src/adapters/provider/quirks.ts'
import { limit } from '../../../src/core/limit.ts'
import { planFor } from '../../support/provider.ts'

test.each([
  ['http://127.0.0.1:11434/v1', true],
  ['http://127.8.0.1', true],
  ['http://localhost:8080', true],
  ['http://[::1]:8000/v1', true],
  ['https://127.0.0.1.example.com', false],
  ['https://localhost.example.com', false],
  ['https://api.z.ai/api/paas/v4', false],
])('an endpoint at %s is on this machine: %s, and has the more time for its first word', (baseUrl, local) => {
  const endpoint = endpointOf({ ...planFor('openai', ''), baseUrl }, null, {})
  expect(endpoint.local).toBe(local)
  expect(endpoint.patience.firstContentMs).toBe(local ? limit.firstContentLocalMs : limit.firstContentMs)
})

test("without an address it is the SDK's own", () => {
  const plan = planFor('openai', '')
  expect(endpointOf({ ...plan, baseUrl: null }, null, {})).toMatchObject({
    address: 'https://api.openai.com/v1',
    quirks: { openai: { maxTokensField: 'max_completion_tokens' } },
  })
  expect(endpointOf({ ...plan, api: 'anthropic', baseUrl: null }, null, {})).toMatchObject({
    address: 'https://api.anthropic.com',
    quirks: { anthropic: { keyHeader: false } },
  })
  expect(endpointOf({ ...plan, baseUrl: 'https://api.deepseek.com' }, null, {}).quirks).toEqual(
    quirksOf('127.0.0.1'),
  )
})
