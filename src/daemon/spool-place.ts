import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { AgentMark } from '../adapters/process/identity.ts'
import type { Spool } from '../adapters/process/spool.ts'
import type { Directories } from '../core/directory.ts'
import { agentId } from '../core/id.ts'
import type { AgentState } from '../core/state.ts'
import type { SecretNames } from './secret-names.ts'

/** One attempt of an agent; `spool` says how many directories its spool has. */
export type Attempt = Pick<AgentState, 'name' | 'attempt' | 'spool'>

/**
 * The spools of agents: one for each attempt, so that an old exit file never speaks for a new program. Its two directories
 * lie in different places and have names that the agent cannot derive from what it knows.
 */
export class Spools {
  /** Where the directories lie that launchers write to, also those of 0.1.0. */
  readonly launchRoot: string
  /** Where the directories of the agents lie. */
  readonly agentRoot: string
  readonly #names: SecretNames

  constructor({ state, data }: Pick<Directories, 'state' | 'data'>, names: SecretNames) {
    this.launchRoot = join(state, 'spool')
    this.agentRoot = join(data, 'agents')
    this.#names = names
  }

  /** The spool of an agent's attempt, as it was or will be opened. */
  of(run: string, attempt: Attempt): Spool {
    return attempt.spool === 'one' ? this.#single(run, attempt) : this.#split(run, attempt)
  }

  /** The spool of the attempt before, whichever version opened it; null for the first. */
  previous(run: string, { name, attempt }: Attempt): Spool | null {
    if (attempt === 1) return null
    const before = { name, attempt: attempt - 1 }
    const split = this.#split(run, before)
    return existsSync(split.agent) ? split : this.#single(run, before)
  }

  /** The marks of an agent's processes, one for each spool that its attempts may have. */
  marks(run: string, attempt: Attempt): AgentMark[] {
    return this.all(run, attempt).map((spool) => ({ agent: agentId(run, attempt.name), spool }))
  }

  /** Every place where spools of an agent may lie. */
  all(run: string, { name, attempt: last }: Attempt): Spool[] {
    const attempts = Array.from({ length: last }, (_, index) => ({ name, attempt: index + 1 }))
    return attempts.flatMap((attempt) => [this.#split(run, attempt), this.#single(run, attempt)])
  }

  #split(run: string, attempt: Omit<Attempt, 'spool'>): Spool {
    const name = nameOf(run, attempt)
    return {
      launch: join(this.launchRoot, `${name}-${this.#names('launch', name)}`),
      agent: join(this.agentRoot, `${name}-${this.#names('agent', name)}`),
    }
  }

  /** As 0.1.0 made them. */
  #single(run: string, attempt: Omit<Attempt, 'spool'>): Spool {
    const directory = join(this.launchRoot, nameOf(run, attempt))
    return { launch: directory, agent: directory }
  }
}

function nameOf(run: string, { name, attempt }: Omit<Attempt, 'spool'>): string {
  return `${run}-${name}.${attempt}`
}

/** The agent and attempt that the name of a spool's directory says; null where it is none. */
export function agentOfSpool(name: string): { run: string; name: string; attempt: number } | null {
  const parts = /^(r\d+)-(.+)\.(\d{1,9})(?:-[0-9a-f]{24})?$/.exec(name)
  return parts === null ? null : { run: parts[1] ?? '', name: parts[2] ?? '', attempt: Number(parts[3]) }
}
