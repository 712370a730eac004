import type { ModelChoice } from '../agent/model.ts'
import type { ApiAgent, Config } from '../config.ts'
import { type Fault, fault } from '../error.ts'
import { nearest } from '../nearest.ts'

/** What a choice is made from: the configuration's providers, where the person writes it, and what the asking client has set. */
export interface ModelFacts {
  readonly providers: Config['providers']
  /** The person's config.toml. */
  readonly file: string
  readonly environment: Readonly<Record<string, string>>
}

/** The model that an agent of kind "api" is to ask, or why it cannot be started, with what to write where. */
export function chooseModel(key: string, agent: ApiAgent, facts: ModelFacts): ModelChoice | Fault {
  const { provider: name, model } = agent
  if (name === null || model === null) return unset(key, agent, facts)
  const provider = Object.hasOwn(facts.providers, name) ? facts.providers[name] : undefined
  if (provider === undefined) return unknown(key, name, facts)
  const { keyEnv } = provider
  if (keyEnv !== null && (facts.environment[keyEnv] ?? '') === '') {
    const message = `Agent "${key}" asks "${name}" with the key in ${keyEnv}, which is not set where you asked from.`
    return fault('KAGE_KEY_MISSING', message)
  }
  return { provider: name, model, ...provider }
}

function unset(key: string, { provider, model }: ApiAgent, { file }: ModelFacts): Fault {
  const missing = [...(provider === null ? ['provider'] : []), ...(model === null ? ['model'] : [])]
  const lines = [
    `[agents.${key}]`,
    'kind = "api"',
    `provider = "${provider ?? 'anthropic'}"`,
    `model = "${model ?? 'NAME-OF-A-MODEL'}"`,
  ]
  const where = `Put into ${file}, for example:\n${lines.map((line) => `        ${line}`).join('\n')}`
  const others = 'The README tells of other providers, local models and agent CLIs.'
  const message = `Agent "${key}" has no ${missing.join(' and no ')} yet.`
  return fault('KAGE_AGENT_MODEL', message, `${where}\n${others}`)
}

function unknown(key: string, name: string, { providers }: ModelFacts): Fault {
  const message = `Agent "${key}" asks the provider "${name}", which is not configured.`
  const near = nearest(name, Object.keys(providers))
  const hint = `Define [providers.${name}] in config.toml with its api and base_url; the nearest known one is "${near}".`
  return fault('KAGE_AGENT_MODEL', message, hint)
}
