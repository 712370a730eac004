import { uncapturedReason } from '../core/agent/status.ts'
import { agentId } from '../core/id.ts'
import { type AgentState, ended, type RunState } from '../core/state.ts'
import { captureIfThere, noteCapture } from './candidates.ts'
import type { Parts } from './parts.ts'

const underway = new Map<string, Promise<void>>()

/** Captures once more what Kage has given up on, because somebody asks for it; resolves when all attempts are over. */
export async function recapture(
  parts: Pick<Parts, 'kernel' | 'repositories' | 'spools'>,
  run: RunState,
  agents: readonly AgentState[] = run.agents,
): Promise<void> {
  const failed = agents.filter((agent) => ended(agent) && uncapturedReason(agent) !== null)
  await Promise.all(
    failed.map((agent) => once(agentId(run.id, agent.name), () => attempt(parts, run, agent))),
  )
}

function once(id: string, act: () => Promise<void>): Promise<void> {
  const known = underway.get(id)
  if (known !== undefined) return known
  const acting = act().finally(() => underway.delete(id))
  underway.set(id, acting)
  return acting
}

/** The failure that is known already stays known where this attempt fails, too. */
async function attempt(
  parts: Pick<Parts, 'kernel' | 'repositories' | 'spools'>,
  run: RunState,
  agent: AgentState,
): Promise<void> {
  const own = await parts.repositories.own(await parts.repositories.ofRecord(run.repository))
  const capture = await captureIfThere(own, run, agent).catch(() => null)
  await noteCapture(parts, own, run, agent.name, capture)
}
