import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { processTable } from './table.ts'

/** The daemon that holds the lock of a state directory, and the socket on which it listens. */
export interface LockHolder {
  readonly pid: number
  readonly socket: string
}

interface Written extends LockHolder {
  readonly bootId: string
  readonly startTicks: number | null
}

/** Writes beside the lock that this process holds it, as far as that is possible; the caller has just acquired it. */
export function writeHolder(state: string, socket: string): void {
  try {
    write(state, socket)
  } catch {
    // A full disk, for example: a client elsewhere is then told of a daemon without its number.
  }
}

function write(state: string, socket: string): void {
  const startTicks = processTable.facts(process.pid)?.startTicks ?? null
  const written: Written = { pid: process.pid, socket, bootId: processTable.bootId(), startTicks }
  const beside = `${holderPath(state)}.new`
  rmSync(beside, { force: true })
  writeFileSync(beside, `${JSON.stringify(written)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(beside, holderPath(state))
}

/** Removes what this process has written; the lock is still held. */
export function removeHolder(state: string): void {
  try {
    rmSync(holderPath(state), { force: true })
  } catch {
    // It names a process that has ended, which nobody believes.
  }
}

/** Reads who holds the lock; null where nothing whole is written, or where that process has ended and perhaps another has its number. */
export function readHolder(state: string): LockHolder | null {
  const written = parsed(holderPath(state))
  if (written === null || written.bootId !== processTable.bootId()) return null
  const facts = processTable.facts(written.pid)
  if (facts === null || facts.state === 'Z' || facts.startTicks !== written.startTicks) return null
  return { pid: written.pid, socket: written.socket }
}

function holderPath(state: string): string {
  return join(state, 'daemon.json')
}

function parsed(path: string): Written | null {
  try {
    const found = JSON.parse(readFileSync(path, 'utf8')) as Partial<Written> | null
    const isWhole = Number.isSafeInteger(found?.pid) && typeof found?.socket === 'string'
    return isWhole ? (found as Written) : null
  } catch {
    return null
  }
}
