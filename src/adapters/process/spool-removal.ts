import { readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isMessageName, messagePlaces } from './agent-spool.ts'
import type { Spool } from './spool.ts'

const files =
  'task claim started exit reason output agent.json outbox conversation agent.log agent.log.1 write.new typed'.split(
    ' ',
  )

/** Removes a spool with all that Kage and its launcher wrote there, the agent's environment above all; what an agent put there itself stays. */
export async function removeSpool(spool: Spool): Promise<void> {
  await removeLaunch(spool)
  for (const directory of new Set([spool.launch, spool.agent])) {
    for (const file of files) await removeWhole(join(directory, file))
    for (const place of [...messagePlaces, '.']) await removeMessages(join(directory, place))
  }
}

/** Removes the file that holds an agent's environment; a launcher does that itself as soon as it has read it. */
export async function removeLaunch({ launch }: Pick<Spool, 'launch'>): Promise<void> {
  await removeWhole(join(launch, 'launch'))
}

/** A file, and what a crash left of it before it was whole. */
async function removeWhole(path: string): Promise<void> {
  await removeFile(path)
  await removeFile(`${path}.new`)
}

async function removeMessages(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => [])
  for (const name of names.filter(isMessageName)) await removeFile(join(directory, name))
  await removeEmpty(directory)
}

/** What an agent made of a file, like a directory of its name, is its own. */
async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'ERR_FS_EISDIR' && thrown.code !== 'ENOTDIR') throw thrown
  })
}

async function removeEmpty(directory: string): Promise<void> {
  await rmdir(directory).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'ENOENT' && thrown.code !== 'ENOTEMPTY' && thrown.code !== 'ENOTDIR') throw thrown
  })
}
