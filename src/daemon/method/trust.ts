import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { trustFile } from '../../adapters/config/trust.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { Parts } from '../parts.ts'

/** Trusts what a repository's .kage.toml holds now; the path is that file, or a directory of the repository. */
export async function trust(parts: Parts, { path }: PersonParams['trust']): Promise<Results['trust']> {
  const found = await stat(path).catch(() => null)
  const file =
    found?.isFile() === true ? path : join((await parts.repositories.open(path)).root, '.kage.toml')
  return trustFile(parts.directories.state, file)
}
