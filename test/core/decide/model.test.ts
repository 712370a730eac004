import { expect, test } from 'vitest'
import { configOf } from '../../../src/core/config.ts'
import { chooseModel } from '../../../src/core/decide/model.ts'
import { wellKnownProviders } from '../../../src/core/well-known-providers.ts'

const { providers } = configOf({ providers: wellKnownProviders })

function check(
  provider: string | null,
  model: string | null,
  environment: Record<string, string> = {},
): unknown {
  const agent = { kind: 'api', provider, model, env: [], restart: 'transient' } as const
  return chooseModel('coder', agent, { providers, file: '/home/config.toml', environment })
}

test('a model is reached as its provider says, and no key is part of the choice', () => {
  const choice = check('anthropic', 'm', { ANTHROPIC_API_KEY: 'sk-planted-key' })
  expect(choice).toEqual({
    provider: 'anthropic',
    model: 'm',
    api: 'anthropic',
    baseUrl: null,
    keyEnv: 'ANTHROPIC_API_KEY',
    price: null,
  })
  expect(JSON.stringify(choice)).not.toContain('sk-planted-key')
})

test('an endpoint that wants no key is asked without one', () => {
  expect(check('ollama', 'm')).toMatchObject({ keyEnv: null, baseUrl: 'http://127.0.0.1:11434/v1' })
})

test('an agent without a provider or model is told the lines to write, and where', () => {
  expect(check(null, null)).toEqual({
    code: 'KAGE_AGENT_MODEL',
    message: 'Agent "coder" has no provider and no model yet.',
    hint: [
      'Put into /home/config.toml, for example:',
      '        [agents.coder]',
      '        kind = "api"',
      '        provider = "anthropic"',
      '        model = "NAME-OF-A-MODEL"',
      'The README tells of other providers, local models and agent CLIs.',
    ].join('\n'),
  })
  expect(check('openai', null)).toMatchObject({
    code: 'KAGE_AGENT_MODEL',
    message: 'Agent "coder" has no model yet.',
    hint: expect.stringContaining('provider = "openai"') as string,
  })
})

test('a provider that nobody configured is named with the nearest one', () => {
  expect(check('opnai', 'm')).toMatchObject({
    code: 'KAGE_AGENT_MODEL',
    message: 'Agent "coder" asks the provider "opnai", which is not configured.',
    hint: expect.stringContaining('"openai"') as string,
  })
  expect(check('constructor', 'm')).toMatchObject({ code: 'KAGE_AGENT_MODEL' })
})

test('a key that is not set, or empty, is named by its variable', () => {
  for (const environment of [{}, { DEEPSEEK_API_KEY: '' }]) {
    expect(check('deepseek', 'm', environment)).toMatchObject({
      code: 'KAGE_KEY_MISSING',
      message: expect.stringContaining('DEEPSEEK_API_KEY') as string,
    })
  }
})
