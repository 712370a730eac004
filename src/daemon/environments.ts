/** The environments of the clients that asked for runs: agents get of them what their list names; never stored. */
export class Environments {
  readonly #own: Readonly<Record<string, string>>
  readonly #ofRuns = new Map<string, Readonly<Record<string, string>>>()

  constructor(own: Readonly<Record<string, string>>) {
    this.#own = own
  }

  /** Keeps of a client's environment what the agents of its run list, until the daemon ends. */
  remember(
    run: string,
    environment: Readonly<Record<string, string>>,
    agents: readonly { readonly environment: readonly string[] }[],
  ): void {
    const names = new Set(agents.flatMap((agent) => agent.environment))
    const listed = Object.entries(environment).filter(([name]) => names.has(name))
    this.#ofRuns.set(run, Object.fromEntries(listed))
  }

  /** The listed variables for an agent of a run: the asking client's, or after a new start the daemon's own. */
  listed(run: string, names: readonly string[]): Record<string, string> {
    const source = this.#ofRuns.get(run) ?? this.#own
    const pairs = names.flatMap((name): [string, string][] => {
      const value = source[name]
      return value === undefined ? [] : [[name, value]]
    })
    return Object.fromEntries(pairs)
  }
}
