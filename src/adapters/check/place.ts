// Checks run in a directory of Kage's own, which is made for one tree and goes with it. What a crash leaves of it, processes
// and files, is found by the directory's name.
import { chmod, cp, lstat, mkdir, readdir, realpath, rm, symlink } from 'node:fs/promises'
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

/**
 * Ends what still runs of checks in directories below this one, and removes them; nothing outside is followed or touched.
 * Answers with those that could not be removed.
 */
export async function clearPlaces(above: string): Promise<string[]> {
  const left: string[] = []
  for (const name of await readdir(above).catch(() => []))
    if (!(await clearPlace(join(above, name)))) left.push(join(above, name))
  return left
}

/** The same of one directory; whether it is gone. */
export async function clearPlace(directory: string): Promise<boolean> {
  const mark = `\0${placeVariable}=${directory}\0`
  for (const pid of processTable.pids()) {
    if (pid !== process.pid && `\0${processTable.environment(pid) ?? ''}`.includes(mark)) send(pid, 'SIGKILL')
  }
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true, maxRetries: 3 })
  try {
    await remove().catch(() => makeWritable(directory).then(remove))
    return true
  } catch {
    return false
  }
}

/** A check may leave directories that nothing can be removed from. */
async function makeWritable(directory: string): Promise<void> {
  await chmod(directory, 0o700)
  for (const entry of await readdir(directory, { withFileTypes: true }))
    if (entry.isDirectory()) await makeWritable(join(directory, entry.name))
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
