import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { git } from '../command/git.ts'
import { checkCommits, type ImportWish } from './import.ts'
import type { NamedObject } from './stored.ts'

/**
 * Writes what an agent's refs and stash name into a bundle, checked as for an import; it needs the commits that are held.
 * Entries of the stash become `refs/stash-entries/N`. Fails with KAGE_IMPORT_REFUSED.
 */
export async function bundleRefs(
  wish: Omit<ImportWish, 'tips'>,
  named: readonly NamedObject[],
  file: string,
): Promise<void> {
  const tips = [...new Set(named.map(({ oid }) => oid))]
  await checkCommits({ ...wish, tips }, async (checked) => {
    const input = named.map(({ name, oid }) => `update ${refName(name)}\0${oid}\0\0`).join('')
    await git(checked, ['update-ref', '-z', '--stdin'], { input: Buffer.from(input, 'latin1') })
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const held = wish.held.map((oid) => `^${oid}`)
    await git(checked, ['bundle', 'create', '--quiet', file, '--all', ...held])
  })
}

function refName(name: string): string {
  if (name.startsWith('refs/')) return name
  const entry = /^stash@\{(\d+)\}$/.exec(name)?.[1]
  return entry === undefined ? `refs/heads-of/${name}` : `refs/stash-entries/${entry}`
}
