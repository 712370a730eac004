import type { Repository } from '../../adapters/git/repository/repository.ts'
import type { Spool } from '../../adapters/process/spool.ts'
import type { RunKind } from '../../core/agent/kind.ts'
import type { ConfigOf } from '../../core/config.ts'
import type { ModelFacts } from '../../core/decide/model.ts'
import type { AgentKindFacts } from '../../core/decide/spawn.ts'
import type { AgentState, RunState } from '../../core/state.ts'
import type { Hands } from '../hands.ts'
import type { Delivery } from '../message.ts'
import type { Parts } from '../parts.ts'

/** The run and agent that an effect is about. */
export interface Subject {
  readonly run: RunState
  readonly agent: AgentState
}

/** What is at hand when the facts of an agent are gathered before a run is decided. */
export interface FactsGround extends ModelFacts {
  readonly repository: Repository
  readonly base: string
}

/** A sentence of `kage doctor` about an agent that is configured; with a hint where it cannot start yet. */
export interface Readiness {
  readonly detail: string
  readonly hint: string
}

/** What is effectful about one kind of agent. Its traits are in core/agent/kind.ts. */
export interface Driver<K extends RunKind> {
  /** Gathers what a run is decided from: how the agent starts, or why it cannot. */
  facts(name: string, agent: ConfigOf<K>, ground: FactsGround): AgentKindFacts | Promise<AgentKindFacts>
  /** Tells whether the agent could start, without a repository. */
  readiness(name: string, agent: ConfigOf<K>, facts: ModelFacts): Readiness
  /** The words that the launcher starts in the agent's pane. */
  argv(agent: AgentState): readonly string[]
  /** Writes what the program reads from its spool besides the task. */
  prepare(
    hands: Hands,
    subject: Subject,
    spool: Spool,
    environment: Readonly<Record<string, string>>,
  ): Promise<void>
  /** Brings a message to the agent, whose program runs. */
  send(parts: Parts, subject: Subject, message: Message): Promise<Delivery>
}

/** A text for an agent; a repeated `command` does not bring it a second time. */
export interface Message {
  readonly text: string
  readonly command: string
}
