import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '../src/adapters/bridge/client.ts'
import type { Client } from '../src/adapters/bridge/client.ts'
import { personSocket } from '../src/adapters/bridge/socket-path.ts'
import type { Results } from '../src/core/protocol/results.ts'
import { protocolVersion } from '../src/core/protocol/version.ts'
import type { RunView } from '../src/core/protocol/view.ts'
import { type House, makeHouse } from './support/house.ts'
import { makeRepository, pathOf } from './support/repository.ts'
import { middle, report } from './support/report.ts'
import { elapsedMs, rounds } from './support/rounds.ts'

/**
 * One capture of a worktree in which a file has changed, against `git add -A` and `git write-tree` there; then cleaning many
 * ended runs and packing Kage's repository after them. The argument says how many runs (default 50).
 */
const files = 2000
const count = Number(process.argv[2] ?? 50)
const house = makeHouse()

try {
  house.agents({ editor: `for n in 1 2 3 4 5; do head -c 20000 /dev/urandom >new-$n.bin; done` })
  const repository = makeRepository(house, 'repository', files)
  await measureCapture(house, repository)
  await measureUpkeep(house, repository)
} finally {
  house.close()
}

async function measureCapture(house: House, repository: string): Promise<void> {
  const { run } = house.kage(repository, ['spawn', '--wait', 'edit']) as { run: RunView }
  const [agent] = run.agents
  if (agent === undefined) throw new Error('no agent was started')
  const client = await connected(house)
  const plain = join(house.directory, 'plain')
  house.run('git', ['clone', '--quiet', repository, plain])
  let round = 0
  const change = (directory: string): void =>
    appendFileSync(join(directory, pathOf(round % files)), `// ${(round += 1)}\n`)
  const measured = await rounds(
    () => {
      change(agent.worktree)
      return elapsedMs(() => client.request('diff', { repo: repository, id: agent.id }))
    },
    () => {
      change(plain)
      return elapsedMs(() => {
        house.run('git', ['-C', plain, 'add', '--all'])
        house.run('git', ['-C', plain, 'write-tree'])
      })
    },
    8_000,
  )
  client.close()
  report({
    figure: `a capture of one changed file and its patch, ${files} files`,
    kage: middle(measured.map(({ kage }) => kage)),
    floor: middle(measured.map(({ floor }) => floor)),
    aim: 'none',
    unit: 'ms',
  })
  house.kage(repository, ['clean', '--force'])
}

async function measureUpkeep(house: House, repository: string): Promise<void> {
  const bytes = (): number => (house.kage(repository, ['du']) as Results['du']).totalBytes
  for (let number = 0; number < count; number++) {
    const { run } = house.kage(repository, ['spawn', '--wait', 'edit']) as { run: RunView }
    // A capture that the last one supersedes.
    writeFileSync(join(run.agents[0]?.worktree ?? '', 'late.txt'), `${number}\n`)
    house.kage(repository, ['diff', run.agents[0]?.id ?? ''])
  }
  const before = bytes()
  const cleanMs = await elapsedMs(() => house.kage(repository, ['clean']))
  const packMs = await elapsedMs(() => house.kage(repository, ['gc']))
  const note = `${before} bytes before, ${bytes()} after`
  report({ figure: `clean of ${count} runs`, kage: cleanMs, floor: null, aim: 'none', unit: 'ms' })
  report({ figure: `packing after ${count} runs`, kage: packMs, floor: null, aim: 'none', unit: 'ms', note })
}

async function connected(house: House): Promise<Client> {
  const client = await connect(personSocket(house.environment['KAGE_RUNTIME_DIR'] ?? ''))
  await client.request('hello', { protocol: protocolVersion, client: 'bench' })
  return client
}
