import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** A file of an object store that holds objects: a pack with its companions, or one loose object. */
export interface StoredFile {
  /** The path of the pack or object; its companions have the same name with another ending. */
  readonly path: string
  readonly companions: readonly string[]
  readonly bytes: number
  /** Git renews it when it finds an object there that it was about to write. */
  readonly modifiedNs: bigint
}

/** Everything that an object store itself holds, without what it borrows. */
export interface StoreListing {
  readonly packs: readonly StoredFile[]
  readonly loose: readonly StoredFile[]
}

/** Lists the packs and loose objects of an object directory. */
export async function listStore(objects: string): Promise<StoreListing> {
  const packNames = await namesIn(join(objects, 'pack'))
  const stems = packNames.filter((name) => name.endsWith('.pack')).map((name) => name.slice(0, -5))
  const packs = await Promise.all(
    stems.map((stem) => {
      const others = packNames.filter((name) => name.startsWith(`${stem}.`) && name !== `${stem}.pack`)
      return fileAt(
        join(objects, 'pack', `${stem}.pack`),
        others.map((name) => join(objects, 'pack', name)),
      )
    }),
  )
  const directories = (await namesIn(objects)).filter((name) => /^[0-9a-f]{2}$/.test(name))
  const loose = await Promise.all(
    directories.map(async (name) => {
      const names = (await namesIn(join(objects, name))).filter((each) => /^[0-9a-f]{38,62}$/.test(each))
      return Promise.all(names.map((each) => fileAt(join(objects, name, each), [])))
    }),
  )
  return { packs: packs.filter(isThere), loose: loose.flat().filter(isThere) }
}

/** The size of all files of a listing. */
export function bytesOf({ packs, loose }: StoreListing): number {
  return [...packs, ...loose].reduce((sum, { bytes }) => sum + bytes, 0)
}

async function fileAt(path: string, companions: readonly string[]): Promise<StoredFile | null> {
  const found = await lstat(path, { bigint: true }).catch(() => null)
  if (found === null) return null
  const sizes = await Promise.all(
    companions.map((each) =>
      lstat(each).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  const bytes = Number(found.size) + sizes.reduce((sum, size) => sum + size, 0)
  return { path, companions, bytes, modifiedNs: found.mtimeNs }
}

function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => [])
}

function isThere(file: StoredFile | null): file is StoredFile {
  return file !== null
}
