import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { trustFile, trustRepository } from '../../adapters/config/trust.ts'
import { programSettings } from '../../adapters/git/program-settings.ts'
import { openWithSettings } from '../../adapters/git/repository.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { Parts } from '../parts.ts'

/**
 * Trusts a repository as it is now: the commands in its .kage.toml, and the settings in its git configuration that name
 * programs and remotes. A path of a file trusts that file alone.
 */
export async function trust(parts: Parts, { path }: PersonParams['trust']): Promise<Results['trust']> {
  const { state } = parts.directories
  const found = await stat(path).catch(() => null)
  if (found?.isFile() === true) return trustFile(state, path)
  const { root, commonDir, settings } = await openForTrust(path)
  const file = join(root, '.kage.toml')
  const trusted = await trustRepository(state, commonDir, settings)
  const hasFile = await stat(file).catch(() => null)
  return hasFile === null ? trusted : trustFile(state, file)
}

async function openForTrust(
  path: string,
): Promise<{ readonly root: string; readonly commonDir: string; readonly settings: string }> {
  const { repository, settings } = await openWithSettings(path)
  return { root: repository.root, commonDir: repository.commonDir, settings: programSettings(settings) }
}
