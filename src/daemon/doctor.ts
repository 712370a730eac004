import { statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname } from 'node:path'
import { lockHeld } from '../adapters/bridge/held.ts'
import { checkSocketPlace, personSocket } from '../adapters/bridge/socket-path.ts'
import { gitVersion } from '../adapters/git/command/version.ts'
import { readHolder } from '../adapters/process/lock-holder.ts'
import { traceKinds } from '../adapters/process/trace.ts'
import { freeBytes } from '../adapters/store/disk.ts'
import { findTmux } from '../adapters/tmux/binary.ts'
import { knownFaults } from '../adapters/tmux/fault.ts'
import { scrubbed } from '../adapters/tmux/server.ts'
import { type Directories, directories, logFiles } from '../core/directory.ts'
import { faultOf, hints } from '../core/error.ts'
import { limit } from '../core/limit.ts'
import type { Examination } from '../core/protocol/results.ts'
import { kageVersion } from '../core/protocol/version.ts'
import { agentChecks } from './doctor-agents.ts'
import { checkStore } from './health/check.ts'
import { repositoryChecks } from './doctor-repository.ts'

type Check = Examination['checks'][number]

/** Looks at what Kage needs of this machine and of the repository around a directory; starts nothing and changes nothing. */
export async function examine(
  environment: Readonly<Record<string, string>>,
  directory: string,
): Promise<Examination> {
  const places = directories(environment, { home: homedir(), uid: process.getuid?.() ?? 0 })
  const checks = [
    await check('kage', () => `${kageVersion} on Node ${process.versions.node}`),
    await check('git', async () => gitVersion()),
    ...(await tmuxChecks(environment)),
    await check('socket', () => usableSocket(places)),
    ...(await agentChecks(places.config, exists(places.config), environment)),
    await storeCheck(places),
    logCheck(places),
    diskCheck('state', places.state),
    diskCheck('data', places.data),
    ...(await repositoryChecks(directory)),
  ]
  return { ok: checks.every(({ ok }) => ok), checks }
}

async function check(name: string, look: () => string | Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await look(), hint: '' }
  } catch (thrown) {
    const { message, hint } = faultOf(thrown)
    return { name, ok: false, detail: message, hint }
  }
}

function usableSocket(places: Directories): string {
  const socket = personSocket(places.runtime)
  checkSocketPlace(socket)
  const holder = readHolder(places.state)
  if (holder !== null && holder.socket !== socket) throw lockHeld(places, socket, holder)
  return socket
}

async function tmuxChecks(environment: Readonly<Record<string, string>>): Promise<Check[]> {
  let version = ''
  const found = await check('tmux', async () => {
    const binary = await findTmux(scrubbed(environment))
    version = binary.version
    return `${binary.version} at ${binary.path}`
  })
  const faults = version === '' ? [] : knownFaults(version)
  return [
    found,
    ...faults.map(({ detail }) => ({ name: 'tmux', ok: true, note: true, detail, hint: '' }) as const),
  ]
}

/** Events that are lost cannot be mended any more: they are only told. */
async function storeCheck(places: Directories): Promise<Check> {
  const { ok, problems, acknowledged = [] } = await checkStore(places)
  const shown = problems.slice(0, 3).map(({ message }) => message)
  const more = problems.length > shown.length ? [`${problems.length - shown.length} more.`] : []
  const known = acknowledged.length === 0 ? '' : '; what is lost was acknowledged'
  const detail = ok ? `every event is whole${known}` : [...shown, ...more].join(' ')
  const isOld = problems.every(({ kind }) => kind === 'lost')
  if (ok) return { name: 'store', ok, detail, hint: '' }
  if (isOld)
    return { name: 'store', ok: true, note: true, detail, hint: '`kage verify --accept` acknowledges it.' }
  if (problems.every(({ kind }) => kind === 'journal'))
    return { name: 'store', ok: false, detail, hint: '`kage verify` lists all.' }
  const isNewer = problems.some(({ kind }) => kind === 'newer')
  const salvage =
    '`kage verify` lists all; `kage doctor --salvage` keeps every whole event and the damaged file.'
  return { name: 'store', ok: false, detail, hint: isNewer ? hints.KAGE_STORE_NEWER : salvage }
}

function logCheck({ state }: Directories): Check {
  const { daemon, trace } = logFiles(state)
  const detail = `${daemon}; a daemon started with KAGE_TRACE=${traceKinds.join(',')} writes ${trace}`
  return { name: 'log', ok: true, detail, hint: '' }
}

function diskCheck(name: string, directory: string): Check {
  const free = freeBytes(nearest(directory))
  const ok = free >= limit.diskFreeBytes
  return {
    name,
    ok,
    detail: `${directory}: ${Math.floor(free / 1e6)} MB free`,
    hint: ok ? '' : 'Make room on that disk.',
  }
}

/** The directory itself, or the nearest one above it that exists. */
function nearest(directory: string): string {
  return exists(directory) || directory === '/' ? directory : nearest(dirname(directory))
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
