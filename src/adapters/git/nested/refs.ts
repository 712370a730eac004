import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Oid } from '../../../core/merge/change.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'
import type { ObjectFormat } from '../command/object.ts'
import { readRegularText } from '../command/regular-file.ts'
import type { NestedRepository } from './find.ts'

/** What the refs of a nested repository name. */
export interface NestedRefs {
  readonly objectFormat: ObjectFormat
  readonly commonDir: string
  /** Null before its first commit. */
  readonly head: Oid | null
  readonly refs: readonly { readonly name: string; readonly oid: Oid }[]
  /** Every entry of its stash, the oldest first. */
  readonly stash: readonly Oid[]
}

/** Reads the refs of a nested repository; git only reads there, and runs nothing that its configuration names. */
export async function refsOf({ gitDir, workTree }: NestedRepository): Promise<NestedRefs> {
  const place: GitPlace = { gitDir, workTree }
  const asked = ['rev-parse', '--show-object-format', '--git-common-dir']
  const [format = '', common = ''] = await lines(place, asked)
  const commonDir = await realpath(common.startsWith('/') ? common : join(workTree, common))
  const [head = null] = await lines(place, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], [0, 1])
  const named = await lines(place, ['for-each-ref', '--format=%(objectname) %(refname)'])
  return {
    objectFormat: format === 'sha256' ? 'sha256' : 'sha1',
    commonDir,
    head,
    refs: named.map((line) => {
      const space = line.indexOf(' ')
      return { oid: line.slice(0, space), name: line.slice(space + 1) }
    }),
    stash: await stashOf(commonDir),
  }
}

// `old new who\tmessage`: the entries of a stash are only in the log of its ref.
async function stashOf(commonDir: string): Promise<Oid[]> {
  const text = await readRegularText(join(commonDir, 'logs', 'refs', 'stash'), 'latin1')
  return text
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((oid) => /^[0-9a-f]{40,64}$/.test(oid))
}

async function lines(
  place: GitPlace,
  args: readonly string[],
  okCodes: readonly number[] = [0],
): Promise<string[]> {
  const { stdout } = await git(place, args, { okCodes })
  return stdout.toString('latin1').split('\n').filter(Boolean)
}
