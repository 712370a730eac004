import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '../src/adapters/bridge/client.ts'
import type { Client } from '../src/adapters/bridge/client.ts'
import { unpacked } from '../src/adapters/bridge/packed.ts'
import { personSocket } from '../src/adapters/bridge/socket-path.ts'
import type { Decision } from '../src/core/merge/change.ts'
import { takeAgent } from '../src/core/merge/decision.ts'
import { protocolVersion } from '../src/core/protocol/version.ts'
import type { Results } from '../src/core/protocol/results.ts'
import { makeHouse } from './support/house.ts'
import { makeRepository, pathOf } from './support/repository.ts'
import { middle, report } from './support/report.ts'
import { elapsedMs, rounds } from './support/rounds.ts'

/**
 * Opening a review over the socket: ten candidates that each change the same 500 places in their own way, against `git
 * diff` of the ten, one after the other. Three runs take turns, so that nothing is answered from what was kept. Then one
 * decision, durable, while 500 are pending.
 */
const candidates = 10
const files = 100
const placesPerFile = 5
const house = makeHouse()

try {
  const repository = makeRepository(house, 'repository', 400)
  const branches = Array.from({ length: 3 * candidates }, (_, index) => makeBranch(repository, index))
  house.kage(repository, ['daemon', 'start'])
  const client = await connect(personSocket(house.environment['KAGE_RUNTIME_DIR'] ?? ''))
  await client.request('hello', { protocol: protocolVersion, client: 'bench' })
  for (let run = 0; run < 3; run++)
    house.kage(repository, ['compare', ...branches.slice(run * candidates, (run + 1) * candidates)])
  await opening(client, repository, branches)
  await deciding(client, repository)
  client.close()
} finally {
  house.close()
}

async function opening(client: Client, repo: string, branches: readonly string[]): Promise<void> {
  let run = 0
  let bytes = 0
  let regions = 0
  const ask = async (): Promise<void> => {
    run = (run % 3) + 1
    const answer = await review(client, repo, `r${run}`)
    bytes = answer.json.length
    regions = unpacked(answer).regions.length
  }
  for (let count = 0; count < 3; count++) await ask()
  const measured = await rounds(
    () => elapsedMs(ask),
    () => elapsedMs(() => branches.slice(0, candidates).forEach((branch) => diff(repo, branch))),
    12_000,
  )
  if (regions !== files * placesPerFile) throw new Error(`${regions} regions`)
  const again = await elapsedMs(() => review(client, repo, `r${run}`))
  report({
    figure: `opening the review of ${candidates} candidates, ${regions} regions`,
    kage: middle(measured.map(({ kage }) => kage)),
    floor: middle(measured.map(({ floor }) => floor)),
    aim: '≤ 2×',
    unit: 'ms',
    note: `${Math.round(bytes / 1024)} KiB; once more without a change: ${Math.round(again)} ms`,
  })
}

async function review(client: Client, repo: string, id: string): Promise<Results['review']> {
  return (await client.request('review', { repo, id })) as Results['review']
}

async function deciding(client: Client, repo: string): Promise<void> {
  const { regions, candidates: compared } = unpacked(await review(client, repo, 'r1'))
  const views = regions.map(({ region }) => region)
  const [one, other] = [0, 1].map((index) => takeAgent([], views, compared[index]?.agent ?? ''))
  const decide = (removed: readonly Decision[], added: readonly Decision[]): Promise<unknown> =>
    client.request('decide', { repo, id: 'r1', command: crypto.randomUUID(), removed, added })
  await decide([], one ?? [])
  const [before, after] = [one?.slice(0, 1) ?? [], other?.slice(0, 1) ?? []]
  const durations: number[] = []
  for (let count = 0; count < 50; count++) {
    const [removed, added] = count % 2 === 0 ? [before, after] : [after, before]
    durations.push(await elapsedMs(() => decide(removed, added)))
  }
  report({
    figure: `one decision beside ${one?.length} that are pending`,
    kage: middle(durations),
    floor: null,
    aim: '≤ 16 ms',
    unit: 'ms',
  })
}

function diff(repo: string, branch: string): string {
  return house.run('git', ['-C', repo, 'diff', 'main', branch])
}

/** A branch with its own change at every place. */
function makeBranch(repo: string, index: number): string {
  const name = `side-${index}`
  house.run('git', ['-C', repo, 'checkout', '--quiet', '-b', name, 'main'])
  for (let file = 0; file < files; file++) {
    const path = join(repo, pathOf(file))
    const lines = readFileSync(path, 'utf8').split('\n')
    for (let place = 0; place < placesPerFile; place++) lines[3 + place * 7] += ` // by ${name}`
    writeFileSync(path, lines.join('\n'))
  }
  house.run('git', ['-C', repo, 'commit', '--quiet', '--all', '-m', name])
  house.run('git', ['-C', repo, 'checkout', '--quiet', 'main'])
  return name
}
