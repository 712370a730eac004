import { type Redact, makeRedactor, secretNames } from '../core/redact.ts'
import { toolEnvironment } from './tool-environment.ts'

/** What must not be seen, and how it is kept from being seen. */
export interface Secrets {
  /** The key of the endpoint; null where it is not set. */
  readonly key: string | null
  readonly all: readonly string[]
  readonly redact: Redact
  /** The environment for programs that the model starts. */
  readonly environmentForTools: Readonly<Record<string, string>>
}

/** Takes every secret out of the environment, so that nothing that is started later inherits one. */
export function takeSecrets(environment: NodeJS.ProcessEnv, keyName: string | null): Secrets {
  const names = secretNames(environment, keyName === null ? [] : [keyName])
  const key = keyName === null ? '' : (environment[keyName]?.trim() ?? '')
  const all = [key, ...names.map((name) => environment[name] ?? '')]
  const environmentForTools = toolEnvironment(environment, names)
  for (const name of names) delete environment[name]
  return { key: key === '' ? null : key, all, redact: makeRedactor(all), environmentForTools }
}
