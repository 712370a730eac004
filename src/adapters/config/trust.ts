import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KageError } from '../../core/error.ts'
import { readConfigFile } from './file.ts'

/** Which contents of which files the person has trusted: real path → hash. */
export type Trust = ReadonlyMap<string, string>

let made = 0

/** Reads what was trusted; a file that is missing or damaged trusts nothing. */
export async function readTrust(stateDirectory: string): Promise<Trust> {
  try {
    const { files } = JSON.parse(await readFile(join(stateDirectory, 'trust.json'), 'utf8')) as {
      files: Record<string, unknown>
    }
    return new Map(
      Object.entries(files).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    )
  } catch {
    return new Map()
  }
}

/** Trusts the content that a repository's configuration file has now, until it changes. */
export async function trustFile(
  stateDirectory: string,
  file: string,
): Promise<{ readonly path: string; readonly hash: string }> {
  const found = await readConfigFile(file)
  if (found === null)
    throw new KageError('KAGE_CONFIG', `There is no ${file}.`, 'Only a .kage.toml with commands needs trust.')
  const path = await realpath(file)
  const files = Object.fromEntries([...(await readTrust(stateDirectory)), [path, found.hash]])
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 })
  const fresh = join(stateDirectory, `trust.json.${process.pid}.${(made += 1)}`)
  await writeFile(fresh, `${JSON.stringify({ version: 1, files }, null, 2)}\n`, { mode: 0o600, flush: true })
  await rename(fresh, join(stateDirectory, 'trust.json'))
  return { path, hash: found.hash }
}
