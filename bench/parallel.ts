import { makeHouse } from './support/house.ts'
import { makeRepository } from './support/repository.ts'
import { middle, report } from './support/report.ts'
import { elapsedMs, rounds } from './support/rounds.ts'

/**
 * Three agents at once against the same three one after the other. An agent's work is mostly waiting for its model, here
 * for two and a half seconds; ideal is that three take as long as one.
 */
const workS = 2.5
const house = makeHouse()

try {
  house.agents({ worker: `sleep ${workS}; echo done >>result.txt` })
  const repository = makeRepository(house, 'repository', 50)
  work(repository, 1)
  const measured = await rounds(
    () => elapsedMs(() => work(repository, 3)),
    () => elapsedMs(() => work(repository, 1)),
    1,
  )
  const sequenceMs = measured.reduce((sum, { floor }) => sum + floor, 0) * (3 / measured.length)
  const parallelMs = middle(measured.map(({ kage }) => kage))
  report({
    figure: 'three agents in parallel, share of the ideal',
    kage: sequenceMs / parallelMs / 3,
    floor: 1,
    aim: '≥ 0.95',
    unit: 'of 3×',
    note: `${Math.round(sequenceMs)} ms one after the other, ${Math.round(parallelMs)} ms at once`,
  })
} finally {
  house.close()
}

function work(repository: string, count: number): void {
  house.kage(repository, ['spawn', '-n', String(count), '--wait', 'work'])
}
