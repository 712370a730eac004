import type { AgentStatus } from '../state.ts'
import { glyphs } from './glyph.ts'

/** How a run's agents ended, like "1 of 8 done, 7 failed"; null while none has failed or was stopped. */
export function endTally(agents: readonly { readonly status: AgentStatus }[]): string | null {
  const failed = countOf(agents, 'failed')
  const stopped = countOf(agents, 'stopped')
  if (failed + stopped === 0) return null
  const done = `${countOf(agents, 'done')} of ${agents.length} done`
  return [done, failed > 0 ? `${failed} failed` : '', stopped > 0 ? `${stopped} stopped` : '']
    .filter((part) => part !== '')
    .join(', ')
}

/** The agents that ended, counted by how they ended, each count before its glyph, like "1✓ 7✗". */
export function endGlyphs(agents: readonly { readonly status: AgentStatus }[]): string {
  return (['done', 'failed', 'stopped'] as const)
    .map((status) => ({ status, count: countOf(agents, status) }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count}${glyphs[status]}`)
    .join(' ')
}

function countOf(agents: readonly { readonly status: AgentStatus }[], status: AgentStatus): number {
  return agents.filter((agent) => agent.status === status).length
}
