import { mkdirSync, statSync } from 'node:fs'
import { dirname, isAbsolute } from 'node:path'
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'

const hint = 'Set KAGE_TMUX to the name of a tmux socket, or to the absolute path of one; or leave it unset.'

/** Refuses a path at which no tmux server can be or be started: tmux itself would remove a file that lies there. */
export function checkSocket(socket: string): void {
  if (!isAbsolute(socket)) throw unfit(socket, 'is not an absolute path')
  if (Buffer.byteLength(socket) > limit.socketPathBytes)
    throw unfit(socket, `is longer than the ${limit.socketPathBytes} bytes that the system allows`)
  const found = look(socket)
  if (found !== undefined && !found.isSocket()) throw unfit(socket, 'is not a socket')
  const place = look(dirname(socket)) ?? look(dirname(dirname(socket)))
  if (place?.isDirectory() !== true) throw unfit(socket, 'lies in no directory')
}

/** Makes ready where a server is to be started: at most the one directory of the socket. */
export function prepareSocket(socket: string): void {
  checkSocket(socket)
  const directory = dirname(socket)
  if (look(directory) !== undefined) return
  try {
    mkdirSync(directory, { mode: 0o700 })
  } catch (thrown) {
    // Another program was quicker, or it cannot be made.
    if (look(directory)?.isDirectory() !== true) throw unfit(socket, `cannot be made: ${String(thrown)}`)
  }
}

function look(path: string): ReturnType<typeof statSync> {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (thrown) {
    throw unfit(path, `cannot be looked at: ${String(thrown)}`)
  }
}

function unfit(socket: string, why: string): KageError {
  return new KageError('KAGE_TMUX_FAILED', `The tmux socket ${JSON.stringify(socket)} ${why}.`, hint)
}
