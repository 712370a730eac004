import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import { archivedBasesRef, baseRef } from './base.ts'

/** What a run leaves in the person's repository: its base and its agents' branches. */
export interface RunTraces {
  readonly id: string
  readonly base: Oid
  /** Each branch with the commits that Kage has put it at. */
  readonly branches: readonly { readonly name: string; readonly commits: readonly Oid[] }[]
}

/** Whether a repository has any trace of Kage's: one process, however many runs there are. */
export async function hasTraces(commonDir: string): Promise<boolean> {
  const args = ['for-each-ref', '--count=1', '--format=%(refname)', 'refs/kage/base/', 'refs/heads/kage/']
  return (await git({ gitDir: commonDir }, args)).stdout.length > 0
}

/** Whether a git directory is there and holds the traces of any of these runs: the ref of its base, or a branch as Kage left it. */
export async function holdsRuns(commonDir: string, runs: readonly RunTraces[]): Promise<boolean> {
  if (!existsSync(join(commonDir, 'HEAD'))) return false
  const format = '--format=%(refname)%00%(objectname)%00%(parent)'
  const named = runs.flatMap(({ id, branches }) => [
    baseRef(id),
    ...branches.map(({ name }) => `refs/heads/${name}`),
  ])
  const names = [archivedBasesRef, ...named]
  const { stdout } = await git({ gitDir: commonDir }, ['for-each-ref', format, ...names])
  const refs = new Map(
    stdout
      .toString('utf8')
      .split('\n')
      .map((line) => line.split('\0'))
      .map(([name = '', commit = '', parents = '']) => [name, { commit, parents: parents.split(' ') }]),
  )
  return runs.some(
    ({ id, base, branches }) =>
      refs.get(baseRef(id))?.parents.includes(base) === true ||
      refs.get(archivedBasesRef)?.parents.includes(base) === true ||
      branches.some(({ name, commits }) => commits.includes(refs.get(`refs/heads/${name}`)?.commit ?? '')),
  )
}
