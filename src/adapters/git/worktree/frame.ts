// A frame is an empty git directory that writes into the object store of Kage's own repository and holds the attributes
// and excludes of one set of byte settings, so that several runs, each with its own, can work at the same time.
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ByteSettings } from '../repository/byte-settings.ts'
import type { GitPlace } from '../command/git.ts'
import { configText } from '../repository/own.ts'
import type { Own } from '../repository/own.ts'

/** The place where bytes of a worktree become blobs, and blobs bytes, as these settings say; add `workTree` and `index` to it. */
export async function framePlace(own: Own, settings: ByteSettings): Promise<GitPlace> {
  const hash = createHash('sha256').update(JSON.stringify([settings.attributes, settings.exclude]))
  const gitDir = join(own.directory, 'frames', hash.digest('hex').slice(0, 16))
  if (!existsSync(gitDir)) await create(own, settings, gitDir)
  return {
    gitDir,
    objects: join(own.directory, 'objects'),
    settings: [...settings.config, 'core.safecrlf=false'],
  }
}

async function create(own: Own, settings: ByteSettings, gitDir: string): Promise<void> {
  const temporary = `${gitDir}.${randomUUID()}`
  for (const name of ['refs', 'objects', 'info']) await mkdir(join(temporary, name), { recursive: true })
  await writeFile(join(temporary, 'HEAD'), 'ref: refs/heads/none\n')
  await writeFile(join(temporary, 'config'), configText(own.objectFormat, false))
  await writeFile(join(temporary, 'info', 'attributes'), settings.attributes, 'latin1')
  await writeFile(join(temporary, 'info', 'exclude'), settings.exclude, 'latin1')
  try {
    await rename(temporary, gitDir)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    if (!existsSync(gitDir)) throw error
  }
}
