import type { Restart } from './restart.ts'

/** What runs as an agent in a pane: a program of the person's, or Kage's own agent. */
export type RunKind = 'command' | 'api'
/** Also what is compared without having been run. */
export type AgentKind = RunKind | 'revision'

/** The traits of one kind of agent. */
export interface KindRow {
  /** What its pane starts: the words of its configuration, or Kage's own agent program. */
  readonly starts: 'command' | 'own program' | null
  /** How its progress is known: by the reports in its outbox, or by its exit alone. */
  readonly reports: 'outbox' | 'exit' | null
  /** Its cost is counted from 0; where it is not, nobody knows what it spends. */
  readonly costKnown: boolean
  /** It ends itself where turns, tokens or money run out. */
  readonly budgetHeld: boolean
  /** What becomes of processes that outlive it: Kage ends them, or shows them and lets them run. */
  readonly leftovers: 'ended' | 'shown' | null
  /** When it is started again after its end, unless its configuration says otherwise. */
  readonly restart: Restart
}

/** Every kind of agent, one row each. */
export const agentKinds: { readonly [K in AgentKind]: KindRow & { readonly starts: Starts<K> } } = {
  command: {
    starts: 'command',
    reports: 'exit',
    costKnown: false,
    budgetHeld: false,
    leftovers: 'shown',
    restart: 'temporary',
  },
  // What the built-in agent runs has sessions of its own and would go on in its worktree.
  api: {
    starts: 'own program',
    reports: 'outbox',
    costKnown: true,
    budgetHeld: true,
    leftovers: 'ended',
    restart: 'transient',
  },
  revision: {
    starts: null,
    reports: null,
    costKnown: false,
    budgetHeld: false,
    leftovers: null,
    restart: 'temporary',
  },
}

type Starts<K extends AgentKind> = K extends RunKind ? NonNullable<KindRow['starts']> : null

/** The names of all kinds, for the shapes of stored events. */
export const kindNames: readonly [AgentKind, ...AgentKind[]] = Object.keys(agentKinds) as [
  AgentKind,
  ...AgentKind[],
]

/** Tells whether this version starts agents of a configured kind. */
export function isRunKind(kind: string): kind is RunKind {
  return Object.hasOwn(agentKinds, kind) && agentKinds[kind as AgentKind].starts !== null
}

/** An agent that Kage runs, as distinct from a revision that is only compared. */
export type RunAgent<A extends { readonly kind: AgentKind }> = A & { readonly kind: RunKind }

/** Tells whether Kage runs an agent; a revision to compare never ran. */
export function isRun<A extends { readonly kind: AgentKind }>(agent: A): agent is RunAgent<A> {
  return isRunKind(agent.kind)
}

/** The agents of a run that Kage runs; a comparison of revisions has none. */
export function agentsOf<A extends { readonly kind: AgentKind }>(run: {
  readonly agents: readonly A[]
}): RunAgent<A>[] {
  return run.agents.filter(isRun)
}
