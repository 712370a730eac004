import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Connection } from '../src/adapters/bridge/connection.ts'
import { openRepository } from '../src/adapters/git/repository/repository.ts'
import { openStore, type Store } from '../src/adapters/store/store.ts'
import { draft } from '../src/core/draft.ts'
import { eventFormat } from '../src/core/format/event-table.ts'
import { observe } from '../src/core/observe.ts'
import { reconcile } from '../src/core/reconcile.ts'
import { stateVersion } from '../src/core/state.ts'
import { Kernel } from '../src/daemon/kernel.ts'
import { recordOf } from '../src/daemon/repositories.ts'
import { restoreState } from '../src/daemon/restore.ts'
import { type House, kageProgram, makeHouse } from './support/house.ts'
import { type Ending, writeHistory } from './support/past-runs.ts'
import { makeRepository } from './support/repository.ts'
import { middle, report } from './support/report.ts'
import { elapsedMs, type Round, rounds } from './support/rounds.ts'

/**
 * What the past costs: an event, a start of the daemon, `kage ls` and the first state that a Neovim is sent, with 10,000 runs
 * that are over against 10, all of them cleaned or none.
 */
const [few, many] = [10, 10_000]
const budgetMs = 8_000

for (const ending of ['cleaned', 'never cleaned'] as const) {
  const houses = [await withPast(few, ending), await withPast(many, ending)] as const
  try {
    await measure(ending, houses[0], houses[1])
  } finally {
    for (const { house } of houses) house.close()
  }
}

interface Past {
  readonly house: House
  readonly repository: string
}

async function withPast(count: number, ending: Ending): Promise<Past> {
  const house = makeHouse()
  house.agents({ idle: 'exec sleep 600' })
  const repository = makeRepository(house, 'repository', 20)
  const record = recordOf(await openRepository(repository))
  await writeHistory(join(house.directory, 'state'), { count, ending, record })
  return { house, repository }
}

async function measure(ending: Ending, small: Past, large: Past): Promise<void> {
  const tell = (what: string, measured: readonly Round[], unit: string): void =>
    report({
      figure: `${what}, ${many} past runs, ${ending}`,
      kage: middle(measured.map(({ kage }) => kage)),
      floor: middle(measured.map(({ floor }) => floor)),
      aim: '≤ 1.2×',
      unit,
    })
  // The first start gives the agents' names away that the others find.
  for (const past of [small, large]) start(past)
  tell(
    'kage ls',
    await rounds(
      () => listing(large),
      () => listing(small),
      budgetMs,
    ),
    'ms',
  )
  tell(
    'first state for Neovim',
    await rounds(
      () => firstState(large),
      () => firstState(small),
      budgetMs,
    ),
    'ms',
  )
  const [bytes, floor] = [await firstBytes(large), await firstBytes(small)]
  tell('the same, its size', [{ kage: bytes, floor }], 'bytes')
  tell(
    'start of the daemon',
    await rounds(
      () => restart(large),
      () => restart(small),
      budgetMs,
    ),
    'ms',
  )
  for (const past of [small, large]) stop(past)
  const kernels = [await kernelOf(large), await kernelOf(small)] as const
  const events = await rounds(
    () => event(kernels[0].kernel),
    () => event(kernels[1].kernel),
    budgetMs,
  )
  tell('an event, folded, appended and looked at', events, 'µs')
  for (const { store } of kernels) await store.close()
}

function listing({ house, repository }: Past): Promise<number> {
  const options = { cwd: repository, env: { ...house.environment }, stdio: 'ignore' } as const
  return elapsedMs(() => spawnSync(kageProgram, ['ls'], options))
}

async function firstState({ house }: Past): Promise<number> {
  const connection = new Connection(house.environment)
  try {
    await connection.ask('status', {})
    return await elapsedMs(() => connection.ask('state', { at: null, live: true }))
  } finally {
    connection.close()
  }
}

async function firstBytes({ house }: Past): Promise<number> {
  const connection = new Connection(house.environment)
  try {
    return JSON.stringify(await connection.ask('state', { at: null, live: true })).length
  } finally {
    connection.close()
  }
}

function start({ house, repository }: Past): void {
  house.kage(repository, ['daemon', 'start'])
}

function stop({ house, repository }: Past): void {
  house.kage(repository, ['daemon', 'stop'])
}

function restart(past: Past): Promise<number> {
  stop(past)
  return elapsedMs(() => start(past))
}

async function kernelOf({ house }: Past): Promise<{ readonly kernel: Kernel; readonly store: Store }> {
  const store = await openStore(join(house.directory, 'state'), { stateVersion, eventFormat })
  const fail = (thrown: unknown): never => {
    throw thrown
  }
  return { store, kernel: new Kernel(store, await restoreState(store), fail, (text) => text) }
}

/** The time that one event takes the daemon's own thread, in the middle of a thousand; the disk is not waited for. */
async function event(kernel: Kernel): Promise<number> {
  const run = Object.keys(kernel.state.runs).at(-1) ?? ''
  const observed = { servers: {}, agents: {} }
  const tookUs: number[] = []
  for (let count = 0; count < 1_000; count++) {
    const said = draft('agent.reported', run, 'ada', {
      status: 'working',
      message: `${count}`,
      outbox: count,
    })
    const beganMs = performance.now()
    const appended = kernel.append([said])
    observe(kernel.state, observed, Date.now())
    reconcile(kernel.state, observed, Date.now())
    tookUs.push(1_000 * (performance.now() - beganMs))
    if (count % 50 === 49) await appended
  }
  await kernel.settled()
  return middle(tookUs)
}
