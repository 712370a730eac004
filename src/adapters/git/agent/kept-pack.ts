// The person's `git gc --prune=now` may run at any moment. It takes every loose object and pack that no ref reaches yet,
// and every temporary file of a running `index-pack`. A pack that is whole already is therefore put into its place, under
// its final name, beside a `.keep` file, which gc obeys, until a ref names what is in it.
import { randomUUID } from 'node:crypto'
import { copyFile, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { KageError } from '../../../core/error.ts'
import { readRegularText } from '../command/regular-file.ts'
import type { Repository } from '../repository/repository.ts'

const keepText = 'kage\n'
const staleMs = 3_600_000

/** Puts the one pack of a directory, which has its index, into the person's repository; the answer lets their git collect it, once a ref names its objects. */
export async function addKeptPack(repository: Repository, from: string): Promise<() => Promise<void>> {
  const name = (await readdir(from))
    .find((each) => /^pack-[0-9a-f]+\.pack$/.test(each))
    ?.slice(0, -'.pack'.length)
  if (name === undefined) throw new KageError('KAGE_GIT_FAILED', `There is no pack in ${from}.`)
  const to = join(repository.commonDir, 'objects', 'pack')
  await removeStale(to)
  const keep = join(to, `${name}.keep`)
  // Where the file is there already, whoever made it removes it.
  const isOurs = await writeFile(keep, keepText, { flag: 'wx' }).then(
    () => true,
    () => false,
  )
  const release = async (): Promise<void> => (isOurs ? rm(keep, { force: true }) : undefined)
  try {
    for (const end of ['pack', 'idx']) await place(join(from, `${name}.${end}`), join(to, `${name}.${end}`))
    return release
  } catch (error) {
    await release()
    throw error
  }
}

/** Copies a file under a name that no gc takes for a temporary one, and then renames it. */
async function place(from: string, to: string): Promise<void> {
  if (existsSync(to)) return
  const copy = join(to, '..', `kage-${randomUUID()}`)
  try {
    await copyFile(from, copy)
    const file = await open(copy, 'r')
    await file.sync().finally(() => void file.close())
    await rename(copy, to)
  } catch (error) {
    await rm(copy, { force: true })
    throw error
  }
}

/** Removes files that a crash left. */
async function removeStale(directory: string): Promise<void> {
  const names = await readdir(directory).catch((): string[] => [])
  for (const name of names.filter((each) => /\.keep$|^kage-/.test(each))) {
    const path = join(directory, name)
    const found = await stat(path).catch(() => null)
    if (found === null || Date.now() - found.mtimeMs < staleMs) continue
    if (name.startsWith('kage-') || (await readRegularText(path, 'latin1')) === keepText)
      await rm(path, { force: true })
  }
}
