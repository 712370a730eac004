// A look at a worktree that found its tree leaves an index that knows every file by its stat: while nothing there has
// changed, one `ls-files` with that index tells so, where a look from the beginning takes five processes.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { lstat, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { limit } from '../../../core/limit.ts'
import type { Oid } from '../../../core/merge/change.ts'
import type { GitPlace } from '../command/git.ts'
import { settingOf } from '../repository/config.ts'
import type { OutsideTree } from './stage.ts'

/** What a look found, and the index that it left. */
export interface KeptLook {
  readonly index: string
  readonly tree: Oid
  readonly outside: OutsideTree
}

const looks = new Map<string, KeptLook>()

/** Names a worktree together with all that decides how a look at it comes out, as it is now: its own index, what it ignores, and further `rules`. */
export async function lookKey(place: GitPlace, gitDir: string, base: Oid, rules: object): Promise<string> {
  const settings = (place.settings ?? []).map((setting) => {
    const equals = setting.indexOf('=')
    return { scope: '', key: setting.slice(0, equals), value: setting.slice(equals + 1) }
  })
  const home = process.env['HOME'] ?? ''
  const named = ['core.excludesfile', 'core.attributesfile'].map((key) => settingOf(settings, key) ?? '')
  const files = named.map((path) => path.replace(/^~\//, `${home}/`)).filter((path) => path.startsWith('/'))
  const stamps = await Promise.all(
    [join(gitDir, 'index'), join(gitDir, 'info', 'sparse-checkout'), ...files].map(stampOf),
  )
  const parts = [place.gitDir, place.objects, place.workTree, place.settings, gitDir, base, rules, stamps]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** Takes a kept look out, so that nobody else works with its index meanwhile; null when there is none. */
export function takeLook(key: string): KeptLook | null {
  const look = looks.get(key) ?? null
  looks.delete(key)
  return look !== null && existsSync(look.index) ? look : null
}

/** Keeps a look for the next one; the oldest give way. */
export async function keepLook(key: string, look: KeptLook): Promise<void> {
  const before = takeLook(key)
  looks.set(key, look)
  const oldest = looks.size > limit.looksKept ? looks.keys().next().value : undefined
  const out = oldest === undefined ? null : takeLook(oldest)
  for (const each of [before, out]) if (each !== null) await dropIndex(each.index)
}

/** Forgets every kept look: its trees and index may name objects that are gone. */
export async function evictLooks(): Promise<void> {
  const indexes = [...looks.values()].map(({ index }) => index)
  looks.clear()
  await Promise.all(indexes.map(dropIndex))
}

/** Removes an index of ours and its lock. */
export async function dropIndex(index: string): Promise<void> {
  await Promise.all([index, `${index}.lock`].map((path) => rm(path, { force: true })))
}

async function stampOf(path: string): Promise<string> {
  const found = await lstat(path, { bigint: true }).catch(() => null)
  return found === null ? '' : `${found.dev} ${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`
}
