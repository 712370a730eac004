import { dirname } from 'node:path'
import type { Directories } from '../../core/directory.ts'
import { KageError } from '../../core/error.ts'
import type { LockHolder } from '../process/lock-holder.ts'

/** Says that another daemon holds the lock of the state directory and does not listen at this socket; it names that daemon where it is known. */
export function lockHeld({ state }: Directories, socket: string, holder: LockHolder | null): KageError {
  return new KageError('KAGE_DAEMON_UNREACHABLE', messageOf(state, socket, holder), hintOf(socket, holder), {
    lock: state,
    pid: holder?.pid ?? null,
    socket: holder?.socket ?? null,
  })
}

/** Tells whether a failure says that the lock is held: another attempt meets the same daemon. */
export function isLockHeld(thrown: unknown): boolean {
  return thrown instanceof KageError && thrown.details?.['lock'] !== undefined
}

function messageOf(state: string, socket: string, holder: LockHolder | null): string {
  if (holder === null) return `Another daemon holds the lock of ${state}, and none listens at ${socket}.`
  const who = `The daemon with pid ${holder.pid} holds the lock of ${state}`
  return holder.socket === socket
    ? `${who}, but does not listen at ${socket}.`
    : `${who} and listens at ${holder.socket}, not at ${socket}.`
}

function hintOf(socket: string, holder: LockHolder | null): string {
  if (holder === null)
    return 'Set KAGE_RUNTIME_DIR as it was where that daemon was started, or end the daemon.'
  const end = `\`kill ${holder.pid}\` ends it; agents go on.`
  return holder.socket === socket
    ? end
    : `Set KAGE_RUNTIME_DIR=${dirname(holder.socket)} to reach it, or ${end}`
}
