import { createWriteStream } from 'node:fs'
import { link, lstat, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { KageError } from '../../../core/error.ts'
import { limit } from '../../../core/limit.ts'
import {
  listUntrusted,
  openPlain,
  openUntrusted,
  type UntrustedDirectory,
  withinUntrusted,
} from '../command/untrusted-directory.ts'

/**
 * Gathers the loose objects and packs of an agent's store in an `objects` directory of Kage's own: regular files only, no
 * link is followed, and neither alternates nor indexes of packs are read. Returns the paths of the packs, which have no
 * index yet. Fails with KAGE_IMPORT_REFUSED where there is too much.
 */
export async function collectObjects(gitDir: string, objects: string): Promise<string[]> {
  const directory = await openUntrusted(gitDir)
  if (directory === null) throw new KageError('KAGE_IMPORT_REFUSED', `${gitDir} is not there any more.`)
  const budget = { files: limit.importFiles, bytes: limit.importBytes }
  try {
    const packs = await withinUntrusted(directory, ['objects'], async (store) => {
      for (const { name, kind } of await listUntrusted(store))
        if (kind === 'directory' && /^[0-9a-f]{2}$/.test(name))
          await withinUntrusted(store, [name], (fan) => take(fan, join(objects, name), looseName, budget))
      return withinUntrusted(store, ['pack'], (pack) => take(pack, join(objects, 'pack'), packName, budget))
    })
    return packs ?? []
  } finally {
    await directory.close()
  }
}

const looseName = /^[0-9a-f]{38}([0-9a-f]{24})?$/
const packName = /^pack-[0-9a-f]{40,64}\.pack$/

async function take(
  from: UntrustedDirectory,
  to: string,
  wanted: RegExp,
  budget: { files: number; bytes: number },
): Promise<string[]> {
  const taken: string[] = []
  for (const { name } of (await listUntrusted(from)).filter((entry) => wanted.test(entry.name))) {
    if (taken.length === 0) await mkdir(to, { recursive: true })
    const path = join(to, name)
    budget.files -= 1
    budget.bytes -= await takeFile(join(from.path, name), path)
    if (budget.files < 0 || budget.bytes < 0)
      throw new KageError('KAGE_IMPORT_REFUSED', 'Its git directory holds too many or too large objects.')
    taken.push(path)
  }
  return taken
}

/** Links a file, or copies it where the other place is on another disk; returns its size. A link of the agent's is taken as a link, and then left out. */
async function takeFile(from: string, to: string): Promise<number> {
  const isLinked = await link(from, to).then(
    () => true,
    () => false,
  )
  if (isLinked) {
    const found = await lstat(to)
    if (found.isFile()) return found.size
    await rm(to)
    return 0
  }
  const opened = await openPlain(from)
  if (opened === null) return 0
  try {
    await pipeline(opened.file.createReadStream({ autoClose: false }), createWriteStream(to, { flags: 'wx' }))
    return opened.bytes
  } finally {
    await opened.file.close()
  }
}
