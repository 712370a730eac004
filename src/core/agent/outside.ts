import type { Capture } from '../event.ts'
import { agentId } from '../id.ts'
import type { AgentState, RunState } from '../state.ts'
import { uncapturedReason } from './status.ts'

/** Work of an agent, by its full name, that no capture can hold. */
export interface OutsideWork extends Pick<Capture, 'nested' | 'leftOut' | 'filtered'> {
  readonly agent: string
}

/** Names such work for people: `pkg of r1/ada (a repository of its own)`. */
export function outsideWords({ agent, nested = [], leftOut = [], filtered = [] }: OutsideWork): string[] {
  return [
    ...nested.map((path) => `${path} of ${agent} (a repository of its own)`),
    ...leftOut.map((path) => `${path} of ${agent} (over [worktree] large_mb)`),
    ...filtered.map((path) => `${path} of ${agent} (its filter is not trusted: \`kage trust\`)`),
  ]
}

/** What a comparison of a run lacks or may have wrong, one sentence each. */
export function captureWarnings(run: Pick<RunState, 'id' | 'agents'>): string[] {
  return run.agents.flatMap((agent) => agentWarnings(agentId(run.id, agent.name), agent))
}

function agentWarnings(id: string, agent: AgentState): string[] {
  const { capture } = agent
  const reason = uncapturedReason(agent)
  return [
    ...(capture === null ? [] : outsideWords({ ...capture, agent: id })).map(
      (words) => `${words} is not part of the comparison.`,
    ),
    ...(capture?.unconverted ?? []).map(
      (path) =>
        `${path} of ${id} is no text in its working-tree-encoding: its bytes are compared as they are.`,
    ),
    ...(capture?.inMotion === true ? [`${id} was captured in motion: its files changed meanwhile.`] : []),
    ...(reason === null ? [] : [`The latest work of ${id} could not be captured: ${reason}`]),
  ]
}
