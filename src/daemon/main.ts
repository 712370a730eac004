import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { personSocket } from '../adapters/bridge/socket-path.ts'
import { serve } from '../adapters/bridge/server.ts'
import { openLog } from '../adapters/process/log.ts'
import { watchSpools } from '../adapters/process/spool-watch.ts'
import { acquireLock } from '../adapters/store/lock.ts'
import { openStore } from '../adapters/store/store.ts'
import { directories } from '../core/directory.ts'
import { draft } from '../core/draft.ts'
import { faultOf } from '../core/error.ts'
import { limit } from '../core/limit.ts'
import { kageVersion } from '../core/protocol/version.ts'
import { stateVersion } from '../core/state.ts'
import { AgentSockets } from './agent-sockets.ts'
import { crashAt } from './crash.ts'
import { dispatch } from './dispatch.ts'
import { examine } from './doctor.ts'
import { Environments } from './environments.ts'
import type { Hands } from './hands.ts'
import { Kernel } from './kernel.ts'
import { Lanes } from './lane.ts'
import { recoverLandings } from './landings.ts'
import { look } from './look.ts'
import { Loop } from './loop.ts'
import type { Parts } from './parts.ts'
import { perform } from './perform.ts'
import { createPublisher } from './publish.ts'
import { tellStarter } from './ready.ts'
import { Repositories } from './repositories.ts'
import { restoreState } from './restore.ts'
import { resume } from './resume.ts'
import { Reviews } from './reviews.ts'
import { TmuxServers } from './servers.ts'

const environment = Object.fromEntries(
  Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
)

if (process.argv[2] === 'doctor') process.stdout.write(`${JSON.stringify(await examine(environment))}\n`)
else await start().catch((thrown: unknown) => tellStarter({ fault: faultOf(thrown) }, 1))

/** Takes the lock, restores the state, ends what a crash interrupted, and only then listens. */
async function start(): Promise<void> {
  const startedAtMs = performance.now()
  const places = directories(environment, { home: homedir(), uid: process.getuid?.() ?? 0 })
  mkdirSync(places.state, { recursive: true, mode: 0o700 })
  mkdirSync(places.data, { recursive: true, mode: 0o700 })
  const lock = acquireLock(places.state)
  if (lock === null) return tellStarter({ other: true }, 0)
  const log = openLog(join(places.state, 'daemon.log'), limit.logBytes).write
  const fail = (thrown: unknown): void => {
    log(`the store failed: ${faultOf(thrown).message}`)
    process.exit(1)
  }

  const store = await openStore(places.state, { stateVersion })
  const kernel = new Kernel(store, await restoreState(store), fail)
  const repositories = new Repositories(places.state)
  const wake = (): void => loop.wake()
  const servers = new TmuxServers(environment, wake)
  const environments = new Environments(environment)
  const agentSockets = new AgentSockets(places.runtime, kernel)
  const spoolRoot = join(places.state, 'spool')
  const worktreeRoot = join(places.data, 'worktrees')
  const spoolWatch = watchSpools(spoolRoot, wake)
  const hands: Hands = {
    kernel,
    store,
    repositories,
    servers,
    environments,
    agentSockets,
    spoolRoot,
    worktreeRoot,
  }
  const loop = new Loop({
    kernel,
    log,
    look: (state) => look(state, servers, spoolRoot),
    perform: (action) => perform(hands, action),
    publish: createPublisher(servers),
  })

  crashAt(kernel, environment['KAGE_CRASH_AT'])
  await kernel.append([
    draft('daemon.started', null, null, { version: kageVersion, pid: process.pid, epoch: lock.epoch }),
  ])
  await recoverLandings(kernel, repositories)
  await resume(hands)
  const socket = personSocket(places.runtime)
  const parts: Parts = {
    directories: places,
    environment,
    store,
    kernel,
    loop,
    environments,
    repositories,
    servers,
    socket,
    spoolRoot,
    startedAtMs,
    lanes: new Lanes(),
    reviews: new Reviews(kernel, repositories),
    shutdown: (reason) => void setImmediate(() => stop(reason)),
  }
  const server = await serve(socket, {
    methods: (method, params) => dispatch(parts, method, params),
    onDefect: (thrown, method) =>
      log(`${method}: ${thrown instanceof Error ? thrown.stack : String(thrown)}`),
  })

  let stopping = false
  /** Agents go on; everything acknowledged is on the disk; the next start takes them back. */
  async function stop(reason: string): Promise<void> {
    if (stopping) return
    stopping = true
    await loop.close()
    await kernel.append([draft('daemon.stopped', null, null, { reason })]).catch(() => {})
    await server.close()
    await agentSockets.closeAll()
    spoolWatch.close()
    await servers.close()
    await store.close()
    lock?.release()
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
  process.on('SIGHUP', () => {})
  process.on('unhandledRejection', (thrown) =>
    log(`unhandled: ${thrown instanceof Error ? thrown.stack : String(thrown)}`),
  )
  loop.wake()
  tellStarter({ ready: socket })
}
