import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { KageError } from '../../core/error.ts'
import { limit } from '../../core/limit.ts'

/** A configuration file's text and the hash of its bytes. */
export interface ConfigFile {
  readonly file: string
  readonly text: string
  readonly hash: string
}

/** Reads a configuration file; null when there is none. */
export async function readConfigFile(file: string): Promise<ConfigFile | null> {
  const bytes = await bytesOf(file)
  if (bytes === null) return null
  if (!isUtf8(bytes))
    throw new KageError('KAGE_CONFIG', `${file}:${lineNotUtf8(bytes)}: this line is not UTF-8.`)
  return { file, text: bytes.toString('utf8').replace(/^\ufeff/, ''), hash: contentHash(bytes) }
}

/** Reads the person's own configuration file; refuses with KAGE_CONFIG one of another user or that others can write to. */
export async function readOwnConfigFile(file: string): Promise<ConfigFile | null> {
  const found = await stat(file).catch(() => null)
  if (found?.isFile()) requireOwn(file, found)
  return readConfigFile(file)
}

function requireOwn(file: string, { uid, gid, mode }: Stats): void {
  const own = process.getuid?.() ?? uid
  if (uid !== own && uid !== 0)
    throw new KageError('KAGE_CONFIG', `${file} belongs to another user (uid ${uid}).`)
  // Where each user has a group of their own, its number is the user's, and nobody else is in it.
  const isOwnGroup = gid === uid && gid === process.getgid?.()
  if ((mode & (isOwnGroup ? 0o002 : 0o022)) === 0) return
  const message = `${file} can be written by others (mode ${(mode & 0o777).toString(8)}).`
  throw new KageError('KAGE_CONFIG', message, `If it is yours alone: chmod go-w '${file}'`)
}

/** The hash by which a content is trusted. */
export function contentHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function bytesOf(file: string): Promise<Buffer | null> {
  try {
    const found = await stat(file)
    if (file === '/dev/null') return null
    if (!found.isFile()) throw new KageError('KAGE_CONFIG', `${file} is not a file.`)
    if (found.size > limit.configBytes)
      throw new KageError('KAGE_CONFIG', `${file} is larger than ${limit.configBytes} bytes.`)
    return await readFile(file)
  } catch (thrown) {
    if (thrown instanceof KageError) throw thrown
    const { code, message } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw new KageError('KAGE_CONFIG', `${file} cannot be read: ${message}.`)
  }
}

function lineNotUtf8(bytes: Buffer): number {
  const lines = bytes.toString('latin1').split('\n')
  return (
    1 +
    Math.max(
      0,
      lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1'))),
    )
  )
}
