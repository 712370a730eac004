import { execFileSync } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Oid } from '../../src/core/merge/change.ts'
import { plainEnvironment } from '../../test/support/replay/plain-merge.ts'

/** The trees that patches make of a commit in a bare or other repository, null where git cannot apply one; by private indexes. */
export function patchedTrees(gitDir: string, base: Oid, patches: readonly string[]): (Oid | null)[] {
  const whole = join(gitDir, 'patched-base')
  const index = join(gitDir, 'patched')
  const git = (file: string, args: readonly string[], input = ''): string => {
    const env = { ...plainEnvironment(), GIT_INDEX_FILE: file }
    return execFileSync('git', [`--git-dir=${gitDir}`, ...args], { env, input, stdio: 'pipe' })
      .toString('latin1')
      .trim()
  }
  git(whole, ['read-tree', base])
  return patches.map((patch) => {
    copyFileSync(whole, index)
    try {
      git(index, ['apply', '--cached', '--whitespace=nowarn', '-'], patch)
    } catch {
      return null
    }
    return git(index, ['write-tree'])
  })
}
