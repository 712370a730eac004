// Kage's own repository borrows objects from the person's, whose own gc may drop what only Kage needs. So git's gc, repack
// and prune, which leave out or delete what a lender has, never run here. Instead everything that is kept goes into one new
// pack, wherever its objects lie; the pack is checked and durable before anything older goes.
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { KageError } from '../../../core/error.ts'
import { limit } from '../../../core/limit.ts'
import type { Oid } from '../../../core/merge/change.ts'
import { alternatesOf } from '../repository/alternates.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'
import { configText } from '../repository/own.ts'
import type { Own } from '../repository/own.ts'
import type { Repository } from '../repository/repository.ts'
import { readRegularText } from '../command/regular-file.ts'
import { syncPath } from '../command/sync-path.ts'
import { listStore } from './listing.ts'
import type { StoreListing } from './listing.ts'
import type { Walk } from './roots.ts'

/** A finished pack, and what was there before it was begun. */
export interface Repacked {
  readonly before: StoreListing
  /** The path of the pack that holds everything that is kept; null where nothing is. */
  readonly pack: string | null
}

/** Writes one pack with everything that the walk reaches and installs it; nothing is removed yet. */
export async function repack(own: Own, repository: Repository, walk: Walk): Promise<Repacked> {
  const objects = join(own.directory, 'objects')
  const before = await listStore(objects)
  const wanted = await objectsOf(own, own.place, walk)
  if (wanted.size === 0) return { before, pack: null }
  const directory = join(own.directory, 'temporary', `repack-${randomUUID()}`)
  try {
    const place = await checkingPlace(directory, own, repository)
    const stem = await writePack(own, place, wanted)
    await requireWhole(own, place, stem, walk, wanted)
    return { before, pack: await install(stem, join(objects, 'pack')) }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** The names of all objects that a walk reaches; fails where one is missing, except in a partial clone. */
async function objectsOf(
  own: Own,
  place: GitPlace,
  { single, trees, histories, held }: Walk,
): Promise<Set<Oid>> {
  const missing = own.partial ? ['--missing=allow-any'] : []
  const args = ['rev-list', '--objects', '--no-object-names', ...missing, '--stdin']
  const input = [...trees, ...histories, ...held.map((oid) => `^${oid}`)].map((line) => `${line}\n`).join('')
  const isEmpty = trees.length + histories.length === 0
  const { stdout } = isEmpty ? { stdout: Buffer.alloc(0) } : await slow(place, args, input)
  return new Set([...single, ...stdout.toString('latin1').split('\n').filter(Boolean)])
}

// A repository with no object but those of the new pack, which borrows from the person's alone.
async function checkingPlace(directory: string, own: Own, repository: Repository): Promise<GitPlace> {
  for (const name of ['refs', 'objects/info', 'objects/pack'])
    await mkdir(join(directory, name), { recursive: true, mode: 0o700 })
  await writeFile(join(directory, 'HEAD'), 'ref: refs/heads/none\n')
  await writeFile(join(directory, 'config'), configText(own.objectFormat, true))
  const borrowed = await alternatesOf(repository.commonDir)
  await writeFile(join(directory, 'objects', 'info', 'alternates'), borrowed)
  await writeFile(join(directory, 'shallow'), await readRegularText(join(own.directory, 'shallow'), 'utf8'))
  return { gitDir: directory, settings: ['pack.threads=1', 'pack.windowMemory=100m'] }
}

async function writePack(own: Own, place: GitPlace, wanted: ReadonlySet<Oid>): Promise<string> {
  const prefix = join(place.gitDir, 'objects', 'pack', 'pack')
  const settings = place.settings ?? []
  const input = [...wanted].map((oid) => `${oid}\n`).join('')
  const { stdout } = await slow({ ...own.place, settings }, ['pack-objects', '--quiet', prefix], input)
  return `${prefix}-${stdout.toString('latin1').trim()}`
}

async function requireWhole(
  own: Own,
  place: GitPlace,
  stem: string,
  walk: Walk,
  wanted: ReadonlySet<Oid>,
): Promise<void> {
  await slow(place, ['verify-pack', `${stem}.idx`], '')
  const packed = await packedObjects(own, stem)
  const reached = await objectsOf(own, place, walk)
  const whole = [...wanted].every((oid) => packed.has(oid)) && [...reached].every((oid) => packed.has(oid))
  if (whole && reached.size === wanted.size) return
  throw new KageError('KAGE_GIT_FAILED', 'A new pack does not hold everything that is kept.')
}

// `offset oid (crc)`
async function packedObjects(own: Own, stem: string): Promise<Set<Oid>> {
  const format = `--object-format=${own.objectFormat}`
  const index = await readFile(`${stem}.idx`)
  const { stdout } = await slow(own.place, ['show-index', format], index)
  const lines = stdout.toString('latin1').split('\n').filter(Boolean)
  return new Set(lines.map((line) => line.split(' ')[1] ?? ''))
}

// The index last: git takes a pack for there when it finds its index.
async function install(stem: string, directory: string): Promise<string> {
  const pack = join(directory, `${basename(stem)}.pack`)
  if (existsSync(pack) && existsSync(pack.replace(/pack$/, 'idx'))) return pack
  await mkdir(directory, { recursive: true })
  const names = (await readdir(join(stem, '..'))).filter((name) => name.startsWith(`${basename(stem)}.`))
  const ordered = names.toSorted(
    (one, other) => Number(one.endsWith('.idx')) - Number(other.endsWith('.idx')),
  )
  for (const name of ordered) {
    await syncPath(join(stem, '..', name))
    await rename(join(stem, '..', name), join(directory, name))
  }
  await syncPath(directory)
  return pack
}

function slow(
  place: GitPlace,
  args: readonly string[],
  input: string | Uint8Array,
): Promise<{ readonly stdout: Buffer }> {
  return git(place, args, { input, timeoutMs: limit.upkeepMs })
}
