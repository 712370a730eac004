import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** Everything of the person's in a worktree with its git directory, by path: modes and exact bytes of files, links, configuration, refs, HEAD, index, reflogs, stash. What only grows (objects) is left out. */
export function userFingerprint(root: string): Record<string, string> {
  const found: Record<string, string> = {}
  walk(Buffer.from(root), '', found)
  return found
}

function walk(directory: Buffer, prefix: string, found: Record<string, string>): void {
  for (const name of readdirSync(directory, { encoding: 'buffer' })) {
    const path = Buffer.concat([directory, Buffer.from('/'), name])
    const shown = `${prefix}${name.toString('latin1')}`
    if (shown === '.git/objects') continue
    const { mode } = lstatSync(path)
    found[shown] = `${mode.toString(8)} ${contentOf(path)}`
    if (lstatSync(path).isDirectory()) walk(path, `${shown}/`, found)
  }
}

function contentOf(path: Buffer): string {
  const stat = lstatSync(path)
  if (stat.isSymbolicLink()) return readlinkSync(path, 'latin1')
  return stat.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : ''
}

/** The paths of a directory, all of them, for looking at what is left behind. */
export function pathsBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((path) => join(directory, path))
    .toSorted()
}
