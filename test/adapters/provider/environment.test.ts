import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Anthropic from '@anthropic-ai/sdk'
import { afterEach, expect, test, vi } from 'vitest'
import { openProvider } from '../../../src/adapters/provider/open.ts'
import { modelServer } from '../../support/model-server.ts'
import { apis, planFor, plantedKey, providerFor, question } from '../../support/provider.ts'
import { temporaryDirectory } from '../../support/temporary.ts'

const planted = 'planted-in-the-environment'

afterEach(() => vi.unstubAllEnvs())

test.each(apis)('%s: the environment has no say in what is sent, or where to', async (api) => {
  const server = await modelServer([{ text: 'Yes.' }])
  const elsewhere = await modelServer([{ text: 'No.' }])
  await providerFor(api, server.address).answer(question())
  await stubEnvironment(elsewhere.address)
  await providerFor(api, server.address).answer(question())
  const [before, after] = server.requests
  expect(after).toEqual(before)
  expect(elsewhere.requests).toEqual([])
})

test.each(apis)(
  '%s: an endpoint that wants no key gets none, whatever the environment holds',
  async (api) => {
    const server = await modelServer([{ text: 'Yes.' }])
    await stubEnvironment(server.address)
    const answer = await providerFor(api, server.address, {}, null).answer(question())
    expect(answer.text).toBe('Yes.')
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization')
    expect(server.requests[0]?.headers).not.toHaveProperty('x-api-key')
    expect(JSON.stringify(server.requests)).not.toContain(planted)
  },
)

test.each(apis)('%s: the SDK prints nothing, whatever the environment asks for', async (api) => {
  const server = await modelServer([{ text: 'One two three', fault: 'wrong-json' }])
  await stubEnvironment(server.address)
  const printed = (['debug', 'info', 'log', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name))
  await expect(providerFor(api, server.address).answer(question())).rejects.toThrow('no JSON')
  for (const spy of printed) expect(spy).not.toHaveBeenCalled()
})

test.each(apis)('%s: the right key is accepted, another one is refused', async (api) => {
  const server = await modelServer([{ text: 'Yes.' }], { key: plantedKey })
  const answer = await providerFor(api, server.address, {}, `${plantedKey}\n`).answer(question())
  expect(answer.text).toBe('Yes.')
  const refused = providerFor(api, server.address, {}, 'another').answer(question())
  await expect(refused).rejects.toMatchObject({ kind: 'auth' })
})

test('a key that no header can carry is refused without showing it', () => {
  const open = (): unknown => openProvider(planFor('openai', 'http://127.0.0.1:1'), 'sk-schlüssel')
  expect(open).toThrow(/^the key has characters that no header can carry$/)
})

test.each(['', 'nowhere', 'ftp://127.0.0.1', '/v1'])('%j is refused as an address', (baseUrl) => {
  const plan = { ...planFor('openai', ''), baseUrl }
  expect(() => openProvider(plan, null)).toThrow('is no http address')
})

test.each([
  ['openai', '/v1', '/v1/chat/completions'],
  ['openai', '/api/paas/v4/', '/api/paas/v4/chat/completions'],
  ['anthropic', '', '/v1/messages'],
  ['anthropic', '/anthropic', '/anthropic/v1/messages'],
  ['anthropic', '/anthropic/v1/', '/anthropic/v1/messages'],
] as const)('%s: beneath the address …%s the path is %s', async (api, path, asked) => {
  const server = await modelServer([{ text: 'Yes.' }])
  const plan = { ...planFor(api, ''), baseUrl: `${server.address}${path}` }
  await openProvider(plan, null).answer(question())
  expect(server.requests.map((request) => request.path)).toEqual([asked])
})

test("the version of Anthropic's protocol is the SDK's own", async () => {
  const server = await modelServer([{ text: 'Yes.' }])
  await providerFor('anthropic', server.address).answer(question())
  const bare = new Anthropic({ apiKey: 'x', baseURL: server.address, maxRetries: 0 })
  for await (const _ of await bare.messages.create({
    model: 'ada',
    max_tokens: 9,
    messages: [{ role: 'user', content: 'a' }],
    stream: true,
  })) {
    // Only the request counts.
  }
  const [ours, theirs] = server.requests.map(({ headers }) => headers['anthropic-version'])
  expect(ours).toBe(theirs)
})

test('a compatible endpoint is asked in words that all of them know', async () => {
  const server = await modelServer([{ text: 'Yes.' }])
  await providerFor('openai', server.address).answer(question())
  const body = server.requests[0]?.body
  expect(Object.keys(body ?? {}).toSorted()).toEqual(
    ['max_tokens', 'messages', 'model', 'stream', 'stream_options', 'tools'].toSorted(),
  )
})

async function stubEnvironment(address: string): Promise<void> {
  const directory = temporaryDirectory()
  const profile = { base_url: address, authentication: { type: 'api_key', api_key: planted } }
  await mkdir(join(directory, 'configs'))
  await writeFile(join(directory, 'configs', 'default.json'), JSON.stringify(profile))
  const headers = `x-planted: ${planted}\nauthorization: Bearer ${planted}\nx-api-key: ${planted}\nanthropic-version: 1\nuser-agent: ${planted}\naccept: ${planted}`
  const variables = {
    OPENAI_API_KEY: planted,
    OPENAI_ADMIN_KEY: planted,
    OPENAI_BASE_URL: address,
    OPENAI_ORG_ID: planted,
    OPENAI_PROJECT_ID: planted,
    OPENAI_LOG: 'debug',
    OPENAI_CUSTOM_HEADERS: headers,
    ANTHROPIC_API_KEY: planted,
    ANTHROPIC_AUTH_TOKEN: planted,
    ANTHROPIC_BASE_URL: address,
    ANTHROPIC_LOG: 'debug',
    ANTHROPIC_CUSTOM_HEADERS: headers,
    ANTHROPIC_CONFIG_DIR: directory,
    ANTHROPIC_PROFILE: 'default',
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
}
