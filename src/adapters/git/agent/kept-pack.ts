// The person's `git gc --prune=now` may run at any moment and takes every loose object and pack that no ref reaches yet.
// Objects therefore arrive as a pack with a `.keep` file, which gc leaves alone, until a ref names them; git's own fetch
// does the same.
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { git } from '../git.ts'
import { readRegularText } from '../regular-file.ts'
import type { Repository } from '../repository.ts'

const keepText = 'kage'
const staleMs = 3_600_000

/** Adds a pack to the person's repository; the answer lets their git collect it, once a ref names its objects. */
export async function addKeptPack(
  repository: Repository,
  pack: { readonly inputFile: string } | { readonly input: Uint8Array },
): Promise<() => Promise<void>> {
  const directory = join(repository.commonDir, 'objects', 'pack')
  await removeStale(directory)
  const { stdout } = await git(repository.place, ['index-pack', '--stdin', `--keep=${keepText}`], pack)
  const [, kind, hash = ''] = /^(keep|pack)\t([0-9a-f]+)/.exec(stdout.toString('latin1')) ?? []
  // Where the file was there before, whoever made it removes it.
  return async () => (kind === 'keep' ? rm(join(directory, `pack-${hash}.keep`), { force: true }) : undefined)
}

/** Removes `.keep` files that a crash left. */
async function removeStale(directory: string): Promise<void> {
  const names = (await readdir(directory).catch((): string[] => [])).filter((name) => name.endsWith('.keep'))
  for (const path of names.map((name) => join(directory, name))) {
    const found = await stat(path).catch(() => null)
    if (found === null || Date.now() - found.mtimeMs < staleMs) continue
    if ((await readRegularText(path, 'latin1')).trim() === keepText) await rm(path, { force: true })
  }
}
