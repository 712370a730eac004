import { makeRedactor, type Redact } from '../core/redact.ts'
import { secretValues } from '../core/secret-variables.ts'
import type { State } from '../core/state.ts'
import { wellKnownProviders } from '../core/well-known-providers.ts'

/** Variables that hold keys by the SDKs' own names and those of the well-known endpoints. */
const wellKnown: readonly string[] = [
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  ...Object.values(wellKnownProviders).flatMap(({ key_env: name }) => (name ? [name] : [])),
]

/** The keys of the daemon's environment and of those of its clients; nothing that holds one is written down. */
export class Secrets {
  readonly #values = new Set<string>()
  #redact: Redact = makeRedactor([])

  /** Learns the keys of an environment: in the well-known variables, in those that providers name, and in those whose names say so. */
  learn(environment: Readonly<Record<string, string>>, names: readonly (string | null)[]): void {
    const before = this.#values.size
    for (const name of [...wellKnown, ...names]) {
      const value = name === null ? '' : (environment[name]?.trim() ?? '')
      if (value !== '') this.#values.add(value)
    }
    for (const value of secretValues(environment)) this.#values.add(value)
    if (this.#values.size > before) this.#redact = makeRedactor([...this.#values])
  }

  /** A text without any of them. */
  redact(text: string): string {
    return this.#redact(text)
  }
}

/** The variables that the agents of all runs have their keys in. */
export function keyNamesOf(state: State): string[] {
  const agents = Object.values(state.runs).flatMap((run) => run.agents)
  const archived = Object.values(state.repositories).flatMap(({ keyNames }) => keyNames)
  return [...new Set([...agents.flatMap(({ model }) => model?.keyEnv ?? []), ...archived])]
}

/** The variables that agents of runs which are not cleaned get of the asking client's environment. */
export function listedNamesOf(state: State): string[] {
  const agents = Object.values(state.runs).flatMap((run) => run.agents)
  const left = agents.filter((agent) => agent.desired !== 'cleaned')
  const archived = Object.values(state.repositories).flatMap(({ environment }) => environment)
  return [...new Set([...left.flatMap(({ environment }) => environment), ...archived])]
}
