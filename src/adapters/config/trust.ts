import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KageError } from '../../core/error.ts'
import { contentHash, readConfigFile } from './file.ts'

/** Which contents of which files, and settings of which repositories, the person has trusted: real path → hash. */
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
  await record(stateDirectory, path, found.hash)
  return { path, hash: found.hash }
}

/** Trusts a repository, by its real common git directory, as long as the settings that name programs stay as they are. */
export async function trustRepository(
  stateDirectory: string,
  commonDir: string,
  settings: string,
): Promise<{ readonly path: string; readonly hash: string }> {
  const hash = contentHash(Buffer.from(settings))
  await record(stateDirectory, commonDir, hash)
  return { path: commonDir, hash }
}

/** Tells whether the person trusted a repository with just these settings. */
export async function isRepositoryTrusted(
  stateDirectory: string,
  commonDir: string,
  settings: string,
): Promise<boolean> {
  return (await readTrust(stateDirectory)).get(commonDir) === contentHash(Buffer.from(settings))
}

/** A filter driver of the person's own configuration, with the settings by which it is trusted. */
export interface TrustedFilter {
  readonly name: string
  readonly settings: readonly string[]
}

/** Trusts filter drivers for a repository, each as long as its settings stay as they are. */
export async function trustFilters(
  stateDirectory: string,
  commonDir: string,
  filters: readonly TrustedFilter[],
): Promise<void> {
  for (const filter of filters) await record(stateDirectory, filterKey(commonDir, filter), filterHash(filter))
}

/** The names of those filter drivers that the person trusted for a repository with just these settings. */
export async function trustedFilters(
  stateDirectory: string,
  commonDir: string,
  filters: readonly TrustedFilter[],
): Promise<string[]> {
  if (filters.length === 0) return []
  const trust = await readTrust(stateDirectory)
  const isTrusted = (filter: TrustedFilter): boolean =>
    filter.settings.length > 0 && trust.get(filterKey(commonDir, filter)) === filterHash(filter)
  return filters.filter(isTrusted).map(({ name }) => name)
}

function filterKey(commonDir: string, { name }: TrustedFilter): string {
  return `${commonDir}#filter.${name}`
}

function filterHash({ settings }: TrustedFilter): string {
  return contentHash(Buffer.from(JSON.stringify(settings)))
}

async function record(stateDirectory: string, path: string, hash: string): Promise<void> {
  const files = Object.fromEntries([...(await readTrust(stateDirectory)), [path, hash]])
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 })
  const fresh = join(stateDirectory, `trust.json.${process.pid}.${(made += 1)}`)
  await writeFile(fresh, `${JSON.stringify({ version: 1, files }, null, 2)}\n`, { mode: 0o600, flush: true })
  await rename(fresh, join(stateDirectory, 'trust.json'))
}
