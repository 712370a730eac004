import { spawnSync } from 'node:child_process'
import { kageProgram, makeHouse } from './support/house.ts'
import { makeRepository } from './support/repository.ts'
import { middle, report } from './support/report.ts'
import { elapsedMs, rounds } from './support/rounds.ts'

/** `kage ls` in a repository with one run, from the start of the command to its end, against the bare start of Node. */
const house = makeHouse()

try {
  house.agents({ idle: 'exec sleep 600' })
  const repository = makeRepository(house, 'repository', 20)
  house.kage(repository, ['spawn', '-n', '3', 'stand by'])
  const options = { cwd: repository, env: { ...house.environment }, stdio: 'ignore' } as const
  const measured = await rounds(
    () => elapsedMs(() => spawnSync(kageProgram, ['ls'], options)),
    () => elapsedMs(() => spawnSync(process.execPath, ['-e', '0'], options)),
    8_000,
  )
  report({
    figure: 'kage ls',
    kage: middle(measured.map(({ kage }) => kage)),
    floor: middle(measured.map(({ floor }) => floor)),
    aim: '≤ 1.5×',
    unit: 'ms',
  })
} finally {
  house.close()
}
