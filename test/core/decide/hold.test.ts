import { expect, test } from 'vitest'
import type { AgentLimits, ModelPlan } from '../../../src/core/agent/model.ts'
import { limitsWithoutHold } from '../../../src/core/decide/hold.ts'

const limits: AgentLimits = { turns: 3, tokens: 100, usd: 1 }
const model: ModelPlan = {
  provider: 'x',
  api: 'openai',
  baseUrl: null,
  model: 'm',
  keyEnv: null,
  price: { input: 1, cached: 1, output: 1 },
  limits,
}
const priced = { name: 'priced', kind: 'api', model } as const
const unpriced = { name: 'unpriced', kind: 'api', model: { ...model, price: null } } as const
const program = { name: 'program', kind: 'command' } as const

test('limits hold the built-in agent where its price is known, and nothing is warned about', () => {
  expect(limitsWithoutHold({ maxTurns: 3, budgetUsd: 1 }, [priced])).toEqual([])
  expect(limitsWithoutHold({ maxTurns: null, budgetUsd: null }, [program])).toEqual([])
  const free = { ...unpriced, model: { ...unpriced.model, limits: { ...limits, usd: null } } }
  expect(limitsWithoutHold({ maxTurns: 3, budgetUsd: null }, [free])).toEqual([])
})

test('a limit that has no hold on an agent says on whom and why', () => {
  const warnings = limitsWithoutHold({ maxTurns: 3, budgetUsd: 1 }, [priced, unpriced, program])
  expect(warnings).toEqual([
    '--max-turns has no hold on program: what a program of kind "command" does is unknown.',
    '--budget has no hold on program: what a program of kind "command" spends is unknown.',
    'The budget has no hold on unpriced unless its endpoint tells what it costs: set price in [providers.x].',
  ])
})
