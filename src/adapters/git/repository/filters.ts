// A filter driver (`filter.NAME.clean`, `.smudge`, `.process`) turns the files of a worktree into blobs and back. It runs
// once the person has trusted its settings: those of their own global or system configuration, else the repository's.
import { join } from 'node:path'
import type { ByteString } from '../../../core/merge/change.ts'
import type { Setting } from './config.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'

/** A filter driver; `settings` are those it would run with, as `key=value`, none where it cannot run for Kage. */
export interface FilterDriver {
  readonly name: string
  readonly settings: readonly string[]
}

/** The filter drivers that any configuration of a repository defines, by name. */
export function filterDrivers(settings: readonly Setting[]): FilterDriver[] {
  const named = settings.flatMap((setting) => {
    const name = /^filter\.(.+)\.[^.]+$/s.exec(setting.key)?.[1]
    return name === undefined ? [] : [{ name, setting }]
  })
  return [...new Set(named.map(({ name }) => name))].flatMap((name) => {
    const all = named.filter((each) => each.name === name).map(({ setting }) => setting)
    if (!all.some(({ key, value }) => /\.(clean|smudge|process)$/.test(key) && value !== '')) return []
    const own = all.filter(({ scope }) => scope === 'global' || scope === 'system')
    // git-crypt finds its key only beside the repository's own git directory.
    const used = name.startsWith('git-crypt') ? [] : own.length > 0 ? own : all
    const last = new Map(used.map(({ key, value }) => [key, value]))
    return [{ name, settings: [...last].map(([key, value]) => `${key}=${value}`) }]
  })
}

/** The settings with which some allowed drivers run, and git-lfs finds the person's objects. */
export function allowedSettings(
  settings: readonly Setting[],
  allowed: readonly string[],
  commonDir: string,
): string[] {
  const drivers = filterDrivers(settings).filter(({ name }) => allowed.includes(name))
  const storage = allowed.includes('lfs') ? [`lfs.storage=${join(commonDir, 'lfs')}`] : []
  return [...drivers.flatMap((driver) => driver.settings), ...storage]
}

/** Those of some paths whose attribute `filter` names one of these drivers; costs no process without drivers or paths. */
export async function filteredPaths(
  place: GitPlace,
  paths: readonly ByteString[],
  drivers: readonly string[],
): Promise<Set<ByteString>> {
  if (drivers.length === 0 || paths.length === 0) return new Set()
  const input = Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1')
  const { stdout } = await git(place, ['check-attr', '-z', '--stdin', 'filter'], { input })
  const fields = stdout.toString('latin1').split('\0')
  const found = new Set<ByteString>()
  for (let index = 0; index + 2 < fields.length; index += 3)
    if (drivers.includes(fields[index + 2] ?? '')) found.add(fields[index] ?? '')
  return found
}
