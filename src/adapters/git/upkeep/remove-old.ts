import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Own } from '../repository/own.ts'
import type { StoredFile } from './listing.ts'
import type { Repacked } from './repack.ts'

/**
 * Removes the packs and loose objects that were there before a repack; answers with the bytes that this freed. Call it only
 * while nothing reads or writes there. A file that git renewed since it was listed stays: another process relies on it.
 */
export async function removeOld(own: Own, { before, pack }: Repacked): Promise<number> {
  const trash = join(own.directory, 'trash')
  await rm(trash, { recursive: true, force: true })
  await mkdir(trash, { mode: 0o700 })
  let freed = 0
  for (const file of [...before.packs, ...before.loose])
    if (file.path !== pack && (await removeUnchanged(file, trash))) freed += file.bytes
  await rm(trash, { recursive: true, force: true })
  return freed
}

/** Removes what a process that was killed left behind, once it is an hour old: unfinished objects, parts of packs. */
export async function removeLeftovers(own: Own): Promise<void> {
  const objects = join(own.directory, 'objects')
  for (const directory of [objects, join(objects, 'pack')])
    for (const name of await readdir(directory).catch(() => []))
      if (/^\.?tmp_/.test(name)) await removeOlder(join(directory, name))
  const names = await readdir(join(objects, 'pack')).catch(() => [])
  const packs = new Set(names.filter((name) => name.endsWith('.pack')).map((name) => name.slice(0, -5)))
  for (const name of names)
    if (name.startsWith('pack-') && !packs.has(name.replace(/\.[a-z]+$/, '')))
      await removeOlder(join(objects, 'pack', name))
}

async function removeOlder(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null)
  if (found !== null && found.mtimeMs < Date.now() - 3_600_000) await rm(path, { force: true })
}

// Under its new name git cannot renew it any more, so what is seen then is final.
async function removeUnchanged(file: StoredFile, trash: string): Promise<boolean> {
  const away = join(trash, basename(file.path))
  const moved = await rename(file.path, away).then(
    () => true,
    () => false,
  )
  if (!moved) return false
  const { mtimeNs } = await lstat(away, { bigint: true })
  if (mtimeNs !== file.modifiedNs) {
    await rename(away, file.path)
    return false
  }
  for (const each of [...file.companions, away]) await rm(each, { force: true })
  return true
}
