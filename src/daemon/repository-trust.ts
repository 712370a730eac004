import { isRepositoryTrusted } from '../adapters/config/trust.ts'
import { readSettings } from '../adapters/git/repository/config.ts'
import { programSettings } from '../adapters/git/repository/program-settings.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import type { Parts } from './parts.ts'

/** Tells whether the person trusted a repository, and its settings that name programs and remotes are still those. */
export async function repositoryTrusted(
  parts: Pick<Parts, 'directories'>,
  { commonDir, place }: Repository,
): Promise<boolean> {
  return isRepositoryTrusted(parts.directories.state, commonDir, programSettings(await readSettings(place)))
}
