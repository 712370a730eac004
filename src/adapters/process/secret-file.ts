import { randomBytes } from 'node:crypto'
import { closeSync, constants, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { KageError } from '../../core/error.ts'

const secretBytes = 32

/** Reads the secret in a private file, and makes one where there is none; fails with KAGE_DIRECTORY where the file is no such secret. */
export function readSecret(path: string): Buffer {
  return existing(path) ?? made(path)
}

function existing(path: string): Buffer | null {
  let descriptor: number
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new KageError('KAGE_DIRECTORY', `${path} cannot be read: ${String(thrown)}`)
  }
  try {
    const secret = readFileSync(descriptor)
    if (secret.length === secretBytes) return secret
    throw new KageError(
      'KAGE_DIRECTORY',
      `${path} is damaged.`,
      'Remove it while no agent runs: a new one is made.',
    )
  } finally {
    closeSync(descriptor)
  }
}

function made(path: string): Buffer {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants
  const descriptor = openSync(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600)
  try {
    const secret = randomBytes(secretBytes)
    writeSync(descriptor, secret)
    fsyncSync(descriptor)
    return secret
  } finally {
    closeSync(descriptor)
  }
}
