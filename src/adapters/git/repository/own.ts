import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { KageError } from '../../../core/error.ts'
import { alternatesOf } from './alternates.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'
import type { ObjectFormat } from '../command/object.ts'
import { readRegularText } from '../command/regular-file.ts'
import type { Repository } from './repository.ts'
import { sweep } from './sweep.ts'

/** Kage's own bare repository beside one of the person's, whose objects it can read: nothing else of theirs is trusted or touched. */
export interface Own {
  readonly directory: string
  readonly objectFormat: ObjectFormat
  /** The person's repository lacks objects on purpose, so that their absence is no damage. */
  readonly partial: boolean
  readonly place: GitPlace
}

/** Opens Kage's own repository for a repository, and makes it, all or nothing, where it is missing. */
export async function openOwn(repository: Repository, directory: string): Promise<Own> {
  if (!existsSync(join(directory, 'HEAD'))) await create(repository, directory)
  const { objectFormat, partial } = repository
  await requireFormat(directory, objectFormat)
  await put(join(directory, 'config'), configText(objectFormat, true))
  await mkdir(join(directory, 'objects', 'info'), { recursive: true })
  await put(join(directory, 'objects', 'info', 'alternates'), await alternatesOf(repository.commonDir))
  await writeShallow(directory, repository)
  await sweep(join(directory, 'temporary'))
  return { directory, objectFormat, partial, place: { gitDir: directory } }
}

/** Ends history where the person's repository ends it, and at the bases that were copied without their parents. */
export async function writeShallow(
  directory: string,
  repository: Repository,
  copied: readonly Oid[] = [],
): Promise<void> {
  const bases = join(directory, 'copied-bases')
  const known = new Set((await readRegularText(bases, 'latin1')).split('\n').filter((line) => line !== ''))
  const added = copied.filter((oid) => !known.has(oid))
  if (added.length > 0) await appendFile(bases, added.map((oid) => `${oid}\n`).join(''))
  const theirs = await readRegularText(join(repository.commonDir, 'shallow'), 'utf8')
  await put(join(directory, 'shallow'), theirs + [...known, ...added].map((oid) => `${oid}\n`).join(''))
}

/** The text of the configuration that a git directory of Kage's own has. */
export function configText(objectFormat: ObjectFormat, bare: boolean): string {
  const version = objectFormat === 'sha1' ? 0 : 1
  const core = `[core]\n\trepositoryformatversion = ${version}\n\tbare = ${bare}\n\tlogallrefupdates = false\n`
  return objectFormat === 'sha1' ? core : `${core}[extensions]\n\tobjectformat = ${objectFormat}\n`
}

async function create(repository: Repository, directory: string): Promise<void> {
  const temporary = `${directory}.${randomUUID()}`
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 })
  await mkdir(temporary, { mode: 0o700 })
  try {
    const format = `--object-format=${repository.objectFormat}`
    const options = ['--quiet', '--bare', '--template=', '--initial-branch=none', format]
    await git({ gitDir: temporary }, ['init', ...options, temporary])
    await mkdir(join(temporary, 'objects', 'info'), { recursive: true })
    await rename(temporary, directory)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    if (!existsSync(join(directory, 'HEAD'))) throw error
  }
}

async function requireFormat(directory: string, objectFormat: ObjectFormat): Promise<void> {
  const config = await readRegularText(join(directory, 'config'), 'utf8')
  const found = config.includes('objectformat = sha256') ? 'sha256' : 'sha1'
  if (found === objectFormat) return
  throw new KageError(
    'KAGE_GIT_FAILED',
    `${directory} keeps ${found} objects, the repository ${objectFormat} ones.`,
    'Move that directory away; a new one is made.',
  )
}

// Written only when it differs, and then whole or not at all: commands of other runs read it at the same time.
async function put(path: string, text: string): Promise<void> {
  if ((await readRegularText(path, 'utf8')) === text) return
  if (text === '') return await rm(path, { force: true })
  const temporary = `${path}.${randomUUID()}`
  await writeFile(temporary, text)
  await rename(temporary, path)
}
