import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { trustFile, trustFilters, trustRepository } from '../../adapters/config/trust.ts'
import { type FilterDriver, filterDrivers } from '../../adapters/git/repository/filters.ts'
import { programSettings } from '../../adapters/git/repository/program-settings.ts'
import { openWithSettings } from '../../adapters/git/repository/repository.ts'
import type { PersonParams } from '../../core/protocol/params.ts'
import type { Results } from '../../core/protocol/results.ts'
import type { Parts } from '../parts.ts'

/**
 * Trusts a repository as it is now: the commands in its .kage.toml, the settings in its git configuration that name
 * programs and remotes, and the filters of the person's own git configuration. A path of a file trusts that file alone.
 */
export async function trust(parts: Parts, { path }: PersonParams['trust']): Promise<Results['trust']> {
  const { state } = parts.directories
  const found = await stat(path).catch(() => null)
  if (found?.isFile() === true) return { ...(await trustFile(state, path)), filters: [] }
  const { root, commonDir, settings, filters } = await openForTrust(path)
  const file = join(root, '.kage.toml')
  const trusted = await trustRepository(state, commonDir, settings)
  await trustFilters(state, commonDir, filters)
  const hasFile = await stat(file).catch(() => null)
  return { ...(hasFile === null ? trusted : await trustFile(state, file)), filters }
}

interface Opened {
  readonly root: string
  readonly commonDir: string
  readonly settings: string
  readonly filters: readonly FilterDriver[]
}

async function openForTrust(path: string): Promise<Opened> {
  const { repository, settings } = await openWithSettings(path)
  const filters = filterDrivers(settings).filter((driver) => driver.settings.length > 0)
  const { root, commonDir } = repository
  return { root, commonDir, settings: programSettings(settings), filters }
}
