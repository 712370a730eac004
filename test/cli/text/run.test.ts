import { expect, test } from 'vitest'
import { agentLines, runLines } from '../../../src/cli/text/run.ts'
import { type AgentView, agentView, runView } from '../../../src/core/protocol/view.ts'
import { begun, exited, stateAfter, type Told } from '../../support/agent-story.ts'

const { r1: run } = stateAfter(...begun).runs
if (run === undefined) throw new Error('no run')
const view = runView(run, 'a task')

function agent(wish: Partial<AgentView>): AgentView {
  const [first] = view.agents
  if (first === undefined) throw new Error('no agent')
  return { ...first, ...wish }
}

const used = { turns: 12, tokensIn: 45_200, tokensOut: 3_100, costUsd: 0.125, activity: 'run npm test' }

test('what an agent used and did last is told where it is known', () => {
  expect(agentLines(agent(used))).toEqual(
    expect.arrayContaining([
      '  used      12 turns · 45k tokens in, 3100 out · $0.13',
      '  last      run npm test',
    ]),
  )
  expect(agentLines(agent({ ...used, costUsd: null })).join('\n')).toContain('cost unknown')
  expect(agentLines(agent({})).join('\n')).not.toMatch(/ {2}(used|last) /)
})

test('what an agent did last fits into 80 columns, whatever it is', () => {
  for (const activity of ['x'.repeat(300), '影'.repeat(300), '\u001b[31m'.repeat(60)]) {
    const lines = runLines({ ...view, agents: [agent({ ...used, activity })] })
    expect(lines[2]?.endsWith('…')).toBe(true)
    expect(lines[2]?.replaceAll('影', 'xx').length).toBeLessThanOrEqual(80)
    expect(lines[2]).not.toContain('\u001b')
  }
})

test('a reason with a code comes with its next step', () => {
  const lines = agentLines(agent({ status: 'failed', reason: 'KAGE_KEY_MISSING: no key' }))
  expect(lines[1]).toMatch(/^ {2}next step Set that variable/)
  expect(agentLines(agent({ reason: 'KAGE_NOTHING: x' })).join('\n')).not.toContain('next step')
})

const nothing = { tree: 't', commit: 'c', changed: { files: 0, added: 0, deleted: 0 } }
const some = { tree: 'u', commit: 'd', changed: { files: 1, added: 2, deleted: 0 } }

test.each<[readonly Told[], boolean, string]>([
  [[], true, '0 files +0 -0'],
  [begun, false, '…'],
  [[...begun, ['candidate.captured', { ...nothing, final: false }]], true, '0 files +0 -0'],
  [[...begun, ['candidate.captured', { ...nothing, final: false }], exited(0)], false, '…'],
  [[...begun, exited(0)], false, '…'],
  [[...begun, exited(0), ['candidate.captured', { ...some, final: true }]], true, '1 file +2 -0'],
  [[...begun, exited(0), ['candidate.captured', { ...nothing, final: true }]], true, '0 files +0 -0'],
])('changes that nothing has counted yet are not shown as none (%#)', (told, captured, changed) => {
  const { r1 } = stateAfter(...told).runs
  const shown = agentView(r1!, r1!.agents[0]!, 'a task')
  expect(shown.captured).toBe(captured)
  expect(agentLines(shown)).toContain(`  changed   ${changed}`)
  expect(runLines(runView(r1!, 'a task'))[1]).toContain(` ${changed} `)
})
