import { realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Loaded, loadConfig } from '../adapters/config/load.ts'
import { readTrust } from '../adapters/config/trust.ts'
import type { Repository } from '../adapters/git/repository/repository.ts'
import { directories } from '../core/directory.ts'
import type { Parts } from './parts.ts'

/** A configuration, and where the person writes theirs. */
export interface Configured extends Loaded {
  readonly file: string
}

/** The configuration for a repository as its files are now: the asking client's own file, and the repository's. */
export async function configurationFor(
  parts: Pick<Parts, 'directories'>,
  repository: Repository,
  environment: Readonly<Record<string, string>>,
): Promise<Configured> {
  const { config: file } = directories(environment, {
    home: environment['HOME'] ?? homedir(),
    uid: process.getuid?.() ?? 0,
  })
  const repositoryFile = join(repository.root, '.kage.toml')
  const trust = await readTrust(parts.directories.state)
  const path = await realpath(repositoryFile).catch(() => repositoryFile)
  const loaded = await loadConfig({ file, repositoryFile, trusted: (hash) => trust.get(path) === hash })
  return { ...loaded, file }
}
