import { existsSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { clearPlaces } from '../adapters/check/place.ts'
import { serve } from '../adapters/bridge/server.ts'
import { personSocket } from '../adapters/bridge/socket-path.ts'
import { removeHolder, writeHolder } from '../adapters/process/lock-holder.ts'
import { openLog } from '../adapters/process/log.ts'
import { makePrivateDirectory, requireOwnDirectory } from '../adapters/process/private-directory.ts'
import { acquireLock } from '../adapters/store/lock.ts'
import { markPath, readMark } from '../adapters/store/mark.ts'
import { openStore } from '../adapters/store/store.ts'
import { directories, logFiles } from '../core/directory.ts'
import { draft } from '../core/draft.ts'
import { faultOf, KageError } from '../core/error.ts'
import { eventFormat } from '../core/format/event-table.ts'
import { limit } from '../core/limit.ts'
import { daemonVariables } from '../core/secret-variables.ts'
import { kageVersion } from '../core/protocol/version.ts'
import { stateVersion } from '../core/state.ts'
import { crashAt } from './crash.ts'
import { dispatch } from './dispatch.ts'
import { buildHouse, checkRoot, type Ground, type House } from './house.ts'
import { Kernel } from './kernel.ts'
import { forgetUndone, recoverLandings } from './landings.ts'
import { keyNamesOf, listedNamesOf, Secrets } from './secrets.ts'
import { tellStarter } from './ready.ts'
import { startTrace } from './trace.ts'
import { startRetention } from './retention.ts'
import { noteReversal } from './reversal.ts'
import { restoreState } from './restore.ts'
import { resume } from './resume.ts'

/** Takes the lock, restores the state, ends what a crash interrupted, and only then listens. */
export async function startDaemon(environment: Readonly<Record<string, string>>): Promise<void> {
  const ground = await breakGround(environment)
  if (ground === null) return tellStarter({ other: true }, 0)
  const { kernel, lock } = ground
  crashAt(kernel, environment['KAGE_CRASH_AT'])
  const started = { version: kageVersion, pid: process.pid, epoch: lock.epoch }
  await kernel.append([draft('daemon.started', null, null, started)])
  const house = buildHouse(ground, (reason) => void setImmediate(() => void stop(reason)))
  for (const left of await clearPlaces(checkRoot(ground.places))) ground.log(`${left} could not be removed`)
  await recoverLandings(kernel, house.parts.repositories, ground.log)
  await forgetUndone(kernel.state, join(ground.places.state, 'repositories'), ground.log)
  await resume(house.hands)
  const stop = await open(ground, house)
  house.loop.begin()
  startRetention(house.parts, ground.log)
  house.parts.health.begin()
  tellStarter({ ready: house.parts.socket })
}

/** What everything stands on: the lock, the store and the state that it holds; null when another daemon has the lock. */
async function breakGround(environment: Readonly<Record<string, string>>): Promise<Ground | null> {
  const places = directories(environment, { home: homedir(), uid: process.getuid?.() ?? 0 })
  for (const directory of [places.state, places.data]) {
    makePrivateDirectory(directory)
    requireOwnDirectory(directory)
  }
  const lock = acquireLock(places.state)
  if (lock === null) return null
  writeHolder(places.state, personSocket(places.runtime))
  const secrets = new Secrets()
  const file = openLog(logFiles(places.state).daemon, limit.logBytes)
  const log = (line: string): void => file.write(secrets.redact(line))
  startTrace(environment['KAGE_TRACE'], places.state, (text) => secrets.redact(text), log)
  const mark = markPath(places.data, realpathSync(places.state))
  const marked = readMark(mark)
  const store = await openStore(places.state, { stateVersion, eventFormat, mark })
  const state = await restoreState(store, log)
  secrets.learn(environment, keyNamesOf(state))
  const kept = daemonVariables(environment, listedNamesOf(state))
  // A store that fails ends the daemon: only a new start can tell what is durable.
  const fail = (thrown: unknown): void => {
    log(`the store failed: ${faultOf(thrown).message}`)
    process.exit(1)
  }
  const kernel = new Kernel(store, state, fail, (text) => secrets.redact(text))
  await noteReversal(kernel, store, marked, log)
  return { places, environment: kept, lock, log, store, kernel, secrets }
}

/** Listens for the person, and answers with the way to stop: agents go on, everything acknowledged is on the disk. */
async function open(
  { places, kernel, store, lock, log }: Ground,
  house: House,
): Promise<(reason: string) => Promise<void>> {
  const { parts, hands, loop, reports, spoolWatch } = house
  let stopping = false
  const server = await serve(parts.socket, {
    methods: async (method, params, peer) => {
      if (stopping && method !== 'follow')
        throw new KageError('KAGE_DAEMON_UNREACHABLE', 'The daemon is stopping.')
      return dispatch(parts, method, params, peer)
    },
    onDefect: (thrown, method) => log(`${method}: ${stackOf(thrown)}`),
  })
  const stop = async (reason: string): Promise<void> => {
    if (stopping) return
    stopping = true
    // What does not end in time is taken up again by the next start.
    setTimeout(() => process.exit(0), limit.daemonStopMs)
    server.retire()
    parts.health.stop()
    await Promise.all([
      loop.close(),
      reports.close(),
      parts.lanes.idle(),
      parts.watch.close(),
      parts.checks.stop(),
    ])
    await kernel.append([draft('daemon.stopped', null, null, { reason })]).catch(() => {})
    // Whoever follows hears that it was stopped, and does not start it again as if it had died.
    await pause(2 * limit.followGatherMs)
    await server.close()
    await hands.agentSockets.closeAll()
    spoolWatch.close()
    await parts.servers.close()
    await store.close()
    removeHolder(places.state)
    lock.release()
    process.exit(0)
  }
  setInterval(() => {
    // There may be a second owner: nothing more is written.
    if (!lock.isHeld()) process.exit(1)
    if (!existsSync(server.path)) void stop('its socket was removed')
  }, limit.reconcileEveryMs)
  process.on('SIGTERM', () => void stop('SIGTERM'))
  process.on('SIGINT', () => void stop('SIGINT'))
  process.on('SIGHUP', () => {})
  process.on('unhandledRejection', (thrown) => log(`unhandled: ${stackOf(thrown)}`))
  return stop
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}
