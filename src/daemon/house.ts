import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { personSocket } from '../adapters/bridge/socket-path.ts'
import { Outboxes } from '../adapters/process/outbox.ts'
import { readSecret } from '../adapters/process/secret-file.ts'
import { type SpoolWatch, watchSpools } from '../adapters/process/spool-watch.ts'
import type { Lock } from '../adapters/store/lock.ts'
import type { Store } from '../adapters/store/store.ts'
import { Outlines } from '../adapters/syntax/outlines.ts'
import type { Directories } from '../core/directory.ts'
import { repositoryRootFor } from './agent-place.ts'
import { AgentSockets } from './agent-sockets.ts'
import { Checks } from './checks.ts'
import { Editors } from './editors.ts'
import { Environments } from './environments.ts'
import { Health } from './health/background.ts'
import type { Hands } from './hands.ts'
import type { Kernel } from './kernel.ts'
import { Lanes } from './lane.ts'
import { forgetLaunches } from './launches.ts'
import { look } from './look.ts'
import { Loop } from './loop.ts'
import type { Parts } from './parts.ts'
import { keyOfRepository } from './moved-repository.ts'
import { perform } from './perform.ts'
import { createPublisher } from './publish.ts'
import { Repositories } from './repositories.ts'
import { Reports } from './reports.ts'
import { Reviews } from './reviews.ts'
import { secretNames } from './secret-names.ts'
import type { Secrets } from './secrets.ts'
import { TmuxServers } from './servers.ts'
import { Upkeep } from './upkeep.ts'
import { UseGate } from './use-gate.ts'
import { Seeds } from './seeds.ts'
import { Slots } from './slots.ts'
import { Spools } from './spool-place.ts'
import { Watch } from './watch/watch.ts'

/** What the daemon stands on. */
export interface Ground {
  readonly places: Directories
  readonly environment: Readonly<Record<string, string>>
  readonly lock: Lock
  readonly log: (line: string) => void
  readonly store: Store
  readonly kernel: Kernel
  readonly secrets: Secrets
}

/** The daemon's parts, wired: what the socket's methods work with, what effects are performed with, and the loop. */
export interface House {
  readonly parts: Parts
  readonly hands: Hands
  readonly loop: Loop
  readonly reports: Reports
  readonly spoolWatch: SpoolWatch
}

/** Where results lie while their checks run. */
export function checkRoot({ data }: Pick<Directories, 'data'>): string {
  return join(data, 'checks')
}

/** Wires the parts; nothing runs before the loop is woken. */
export function buildHouse(ground: Ground, shutdown: (reason: string) => void): House {
  const { places: directories, environment, log, store, kernel, secrets } = ground
  const wake = (): void => loop.wake()
  const repositories = repositoriesOf(kernel, directories.state)
  const servers = new TmuxServers(environment, wake)
  const environments = new Environments(environment)
  const names = secretNames(readSecret(join(directories.state, 'secret')))
  const spools = new Spools(directories, names)
  const agentSockets = new AgentSockets(directories.runtime, kernel, names)
  const worktreeRoot = join(directories.data, 'worktrees')
  const parkedRoot = join(directories.data, 'parked')
  const gitRoot = join(directories.data, 'git')
  const shared = { kernel, store, repositories, servers, environments, spools }
  const checkouts = new Slots(Math.max(2, availableParallelism()))
  const reviews = new Reviews({ kernel, spools }, repositories)
  const gate = new UseGate()
  const upkeep = new Upkeep({ kernel, repositories, reviews, gate, log })
  const seeds = new Seeds(gitRoot)
  const hands: Hands = { ...shared, agentSockets, worktreeRoot, parkedRoot, gitRoot, seeds, checkouts }
  const outboxes = new Outboxes()
  const reports = new Reports(kernel, outboxes, spools)
  const loop = new Loop({
    kernel,
    log,
    look: (state) => look(state, servers, spools, outboxes),
    perform: (action) => gate.use(() => perform(hands, action)),
    publish: createPublisher(servers),
  })
  forgetLaunches(kernel, spools)
  const parts: Parts = {
    ...shared,
    secrets,
    directories,
    environment,
    socket: personSocket(directories.runtime),
    startedAtMs: performance.now(),
    editors: new Editors(),
    lanes: new Lanes(),
    undosUnderway: new Set(),
    reviews,
    gate,
    upkeep,
    outlines: new Outlines(),
    watch: watchOf(ground, repositories),
    health: new Health(environment, log),
    checks: new Checks(checkRoot(directories)),
    shutdown,
  }
  const spoolWatch = watchSpools([spools.launchRoot, spools.agentRoot], (name, file) =>
    file === 'outbox' ? reports.wake(name) : wake(),
  )
  return { parts, hands, loop, reports, spoolWatch }
}

function repositoriesOf(kernel: Kernel, stateDirectory: string): Repositories {
  const repositories = new Repositories(
    stateDirectory,
    (directory) => repositoryRootFor(kernel.state, directory),
    (repository) => keyOfRepository(kernel, repository),
  )
  kernel.listen((events) => {
    for (const { type, data } of events) if (type === 'repository.moved') repositories.forget(data.repository)
  })
  return repositories
}

function watchOf({ places, kernel, secrets, log }: Ground, repositories: Repositories): Watch {
  return new Watch({
    kernel,
    repositories,
    stateDirectory: places.state,
    redact: (text) => secrets.redact(text),
    log,
  })
}
