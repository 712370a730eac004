import { lstatSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'
import { makePrivateDirectory } from '../process/private-directory.ts'

/** The person's socket in the runtime directory. */
export function personSocket(runtime: string): string {
  return join(runtime, 'kaged.sock')
}

/** Makes the socket's directory where it is missing, and refuses one that others could reach. */
export function prepareSocketDirectory(socket: string): void {
  const directory = dirname(socket)
  try {
    makePrivateDirectory(directory)
  } catch (thrown) {
    throw unsafe(directory, `cannot be made (${thrown instanceof Error ? thrown.message : String(thrown)})`)
  }
  checkSocketPlace(socket)
}

/** Refuses a socket whose path is too long, or whose directory is not private to this user; a missing one is well. */
export function checkSocketPlace(socket: string): void {
  const directory = dirname(socket)
  const length = Buffer.byteLength(socket)
  if (length > limit.socketPathBytes)
    throw unsafe(
      directory,
      `makes a socket path of ${length} bytes; the system allows ${limit.socketPathBytes}`,
    )
  const found = lstatSync(directory, { throwIfNoEntry: false })
  if (found === undefined) return
  if (found.isSymbolicLink()) throw unsafe(directory, 'is a symbolic link')
  if (!found.isDirectory()) throw unsafe(directory, 'is not a directory')
  if (found.uid !== process.getuid?.()) throw unsafe(directory, 'belongs to another user')
  if ((found.mode & 0o077) !== 0)
    throw unsafe(directory, `is open to others (mode ${(found.mode & 0o777).toString(8)}); \`chmod 700\` it`)
}

function unsafe(directory: string, why: string): KageError {
  return new KageError('KAGE_RUNTIME_DIR', `The runtime directory ${directory} ${why}.`)
}
