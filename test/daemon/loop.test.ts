import { expect, onTestFinished, test } from 'vitest'
import { draft } from '../../src/core/draft.ts'
import { limit } from '../../src/core/limit.ts'
import { emptyState } from '../../src/core/state.ts'
import { Kernel } from '../../src/daemon/kernel.ts'
import { Loop } from '../../src/daemon/loop.ts'
import { opened } from '../adapters/store/open.ts'
import { temporaryDirectory } from '../support/temporary.ts'
import { until } from '../support/until.ts'

test('an agent that tells its status all the time keeps nobody looking, and its last one is looked at', async () => {
  const kernel = new Kernel(
    await opened(temporaryDirectory()),
    emptyState,
    () => {},
    (text) => text,
  )
  let looks = 0
  let published = 0
  const loop = new Loop({
    kernel,
    look: async () => {
      looks++
      return { servers: {}, agents: {} }
    },
    perform: async () => [],
    publish: async ({ seq }) => void (published = seq),
    log: () => {},
  })
  onTestFinished(() => loop.close())
  const startedMs = performance.now()
  loop.begin()
  for (let step = 0; step < 100; step++) {
    const said = { status: 'working', message: `step ${step}` } as const
    await kernel.append([draft('agent.reported', 'r1', 'ada', said)])
  }
  expect(looks).toBeLessThanOrEqual(2 + (performance.now() - startedMs) / limit.statusGatherMs)
  await until(() => published === 100)
})
