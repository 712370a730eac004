import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { Own } from '../repository/own.ts'

/** The bytes on disk of everything below some commits' trees that the tree of a base does not hold. */
export async function diskUsage(own: Own, base: Oid, commits: readonly Oid[]): Promise<number> {
  if (commits.length === 0) return 0
  const asked = [...commits, base].map((commit) => `${commit}^{tree}\n`).join('')
  const checked = await git(own.place, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
    input: asked,
  })
  const found = checked.stdout.toString('latin1').split('\n')
  const trees = found.slice(0, commits.length).filter((line) => line.endsWith(' tree'))
  const held = found.slice(commits.length).filter((line) => line.endsWith(' tree'))
  const name = (line: string): Oid => line.slice(0, -' tree'.length)
  if (trees.length === 0) return 0
  const missing = own.partial ? ['--missing=allow-any'] : []
  const args = ['rev-list', '--objects', '--disk-usage', ...missing, '--stdin']
  const input = [...trees.map(name), ...held.map((line) => `^${name(line)}`)].join('\n')
  return Number((await git(own.place, args, { input: `${input}\n` })).stdout.toString('latin1').trim())
}
