// Checks run in a directory of Kage's own, which is made for one tree and goes with it. What a crash leaves of it, processes
// and files, is found by the directory's name.
import { cp, lstat, mkdir, readdir, realpath, rm, symlink } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import type { WorktreeConfig } from '../../core/config.ts'
import { send } from '../process/send.ts'
import { processTable } from '../process/table.ts'

/** The variable by which whatever a check has started is known to be one's. */
export const placeVariable = 'KAGE_CHECK'

/** Puts into a directory what a worktree needs beside its tracked files, as the configuration says; what is there already stays. */
export async function furnish(
  directory: string,
  root: string,
  { copy, link }: Pick<WorktreeConfig, 'copy' | 'link'>,
): Promise<void> {
  for (const [paths, put] of [
    [copy, (from: string, to: string) => cp(from, to, { recursive: true, verbatimSymlinks: true })],
    [link, (from: string, to: string) => symlink(from, to)],
  ] as const) {
    for (const path of paths) {
      const [from, to] = [join(root, path), join(directory, path)]
      if (!isInside(path) || !(await exists(from)) || (await exists(to))) continue
      await mkdir(dirname(to), { recursive: true })
      if (await isBelow(dirname(to), directory)) await put(from, to)
    }
  }
}

/** Ends what still runs of checks in directories below this one, and removes them; nothing outside is followed or touched. */
export async function clearPlaces(above: string): Promise<void> {
  const names = await readdir(above).catch(() => [])
  for (const name of names) await clearPlace(join(above, name))
}

/** The same of one directory. */
export async function clearPlace(directory: string): Promise<void> {
  const mark = `\0${placeVariable}=${directory}\0`
  for (const pid of processTable.pids()) {
    if (pid !== process.pid && `\0${processTable.environment(pid) ?? ''}`.includes(mark)) send(pid, 'SIGKILL')
  }
  await rm(directory, { recursive: true, force: true, maxRetries: 3 })
}

function isInside(path: string): boolean {
  const plain = normalize(path)
  return plain !== '.' && !plain.startsWith('/') && plain.split('/')[0] !== '..'
}

/** A link in the tree may lead a path out of the directory. */
async function isBelow(path: string, directory: string): Promise<boolean> {
  const [real, above] = await Promise.all([realpath(path), realpath(directory)])
  return real === above || real.startsWith(`${above}/`)
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
