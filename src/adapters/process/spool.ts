import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { KageError } from '../../core/error.ts'
import type { Exit, ProcessIdentity } from '../../core/event.ts'
import { launchFile } from './launch-file.ts'
import type { Launch } from './launch-file.ts'
import { writeWhole } from './whole-file.ts'

/**
 * The two directories of one attempt to start an agent. Launcher and daemon alone write to `launch`; `agent` is the agent's
 * own, and its path does not lead to the other. Both are one directory for agents that 0.1.0 started.
 */
export interface Spool {
  readonly launch: string
  readonly agent: string
}

/** What a launcher has written down until now. */
export interface SpoolReport {
  readonly started: ProcessIdentity | null
  readonly exit: Exit | null
}

/** Prepares the private directories of one attempt to start an agent; repeating it before the start leaves the reports to the pane that is opened last. */
export async function writeSpool(spool: Spool, launch: Launch): Promise<void> {
  // Tells the panes apart that are opened for one attempt: only the last may report.
  const text = `kage_opening=${randomUUID()}\n${launchFile(launch, taskFile(spool))}`
  for (const directory of [spool.agent, spool.launch]) await makeOwn(directory)
  await writeWhole(taskFile(spool), launch.task)
  await createOutput(outputFile(spool))
  await writeWhole(join(spool.launch, 'launch'), text)
}

/** Makes a directory, and refuses anything else that lies in its place. */
async function makeOwn(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  if (!(await lstat(directory)).isDirectory())
    throw new KageError('KAGE_DIRECTORY', `${directory} is not a directory of Kage's own.`)
}

/** What the pane shows is appended to this file by a shell, which would follow a link. */
async function createOutput(path: string): Promise<void> {
  const { O_CREAT, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const file = await open(path, O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0o600)
  await file.close()
}

/** Reads what the launcher wrote; what is missing, half-written or no report of a launcher is null. */
export async function readSpool({ launch: directory }: Spool): Promise<SpoolReport> {
  // The order matters: an end that is seen belongs to a start that is seen, too.
  const exit = await fields(join(directory, 'exit'))
  const started = await fields(join(directory, 'started'))
  return { started: started && identityOf(started), exit: exit && exitOf(exit) }
}

/** Where an agent finds its task. */
export function taskFile({ agent }: Pick<Spool, 'agent'>): string {
  return join(agent, 'task')
}

/** Where what its pane shows is recorded. */
export function outputFile({ launch }: Pick<Spool, 'launch'>): string {
  return join(launch, 'output')
}

async function fields(path: string): Promise<ReadonlyMap<string, string> | null> {
  const text = await head(path).catch(() => null)
  if (text === null || !text.endsWith('\n')) return null
  const pairs = text.split('\n').map((line): [string, string] => {
    const equals = line.indexOf('=')
    return [line.slice(0, equals), line.slice(equals + 1)]
  })
  return new Map(pairs)
}

/** An agent may still have found the directory: a report that is too long, or no plain file, is none. */
async function head(path: string): Promise<string | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  try {
    if (!(await file.stat()).isFile()) return null
    const { buffer, bytesRead } = await file.read(Buffer.alloc(reportBytesMax + 1), 0)
    return bytesRead > reportBytesMax ? null : buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

function identityOf(report: ReadonlyMap<string, string>): ProcessIdentity | null {
  const pid = whole(report.get('pid'))
  const startTicks = startOf(report.get('start') ?? '')
  const launcherPid = whole(report.get('launcher'))
  const bootId = report.get('boot') ?? ''
  if (pid === null || pid < 2 || launcherPid === null || launcherPid < 2) return null
  if (startTicks === null || !/^[0-9A-Za-z-]{1,64}$/.test(bootId)) return null
  return { pid, startTicks, bootId, launcherPid }
}

function exitOf(report: ReadonlyMap<string, string>): Exit | null {
  const status = whole(report.get('status'))
  if (status === null || status > 255) return null
  const signal = report.get('signal') ?? ''
  const reason = plain(report.get('reason') ?? '')
  if (reason !== '')
    return { code: status, signal: null, source: 'exit file', message: `did not begin: ${reason}` }
  if (/^[A-Z0-9+-]{1,16}$/.test(signal))
    return { code: null, signal, source: 'exit file', message: `ended by signal ${signal}` }
  return { code: status, signal: null, source: 'exit file', message: `ended with exit status ${status}` }
}

function whole(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null
}

/** Ticks since the boot, or where there is no /proc the date that `ps` shows, in seconds. */
function startOf(text: string): number | null {
  const seconds = Date.parse(text) / 1000
  return whole(text) ?? (/^[A-Za-z0-9 :]{8,40}$/.test(text) && Number.isFinite(seconds) ? seconds : null)
}

function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '').slice(0, 500)
}

const reportBytesMax = 4096
